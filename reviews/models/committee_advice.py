"""The advice of the committee."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from calls.enums import Outcome
from calls.models import ReviewRound


class CommitteeAdvice(models.Model):
    """What the committee advises on one application, fixed by its chair (advies van de commissie)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="advice")
    outcome = models.CharField(_("advice"), max_length=10, choices=Outcome)
    amount = models.DecimalField(_("advised amount"), max_digits=12, decimal_places=2, default=0)
    requested_amount = models.DecimalField(max_digits=12, decimal_places=2)
    text = models.TextField(_("reasons"), max_length=6000)
    rank = models.PositiveSmallIntegerField(_("position in the ranking"), null=True, blank=True)
    # As of the application; here so that no place in the ranking of a round is given twice.
    review_round = models.ForeignKey(
        ReviewRound, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Weighted mean of the scores, as it stood when the advice was fixed; the scores themselves never change.
    mean_score = models.DecimalField(_("weighted mean"), max_digits=4, decimal_places=2)
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(_("adopted at"))

    class Meta:
        verbose_name = _("advice of the committee")
        verbose_name_plural = _("advice of the committee")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="advice_amount_fits_its_outcome",
                condition=Q(outcome="granted", amount__gt=0, amount__lte=F("requested_amount"))
                | Q(outcome="rejected", amount=0),
            ),
            models.CheckConstraint(name="advice_has_reasons", condition=~Q(text="")),
            models.UniqueConstraint(
                name="advice_rank_once_per_round",
                fields=["review_round", "rank"],
                condition=Q(rank__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"
