"""What was handed in or adopted and taken back before a letter was released; these rows never change (rule 30)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from calls.enums import Outcome
from reviews.models.review import Review
from reviews.models.withdrawal_request import WithdrawalRequest


class WithdrawnReview(models.Model):
    """A review as it was complete, before its reviewer took it back (teruggenomen beoordeling, rules 17 and 30).

    ``scores`` has a value and a reason by the key of each criterion.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="withdrawals")
    completed_at = models.DateTimeField(_("completed at"))
    scores = models.JSONField()
    remark = models.TextField(max_length=4000, blank=True)
    reason = models.TextField(_("reason"), max_length=2000)
    withdrawn_at = models.DateTimeField(_("taken back at"))
    # Whether its reviewer could have seen the reviews of others; unknown of what was taken back before this was kept.
    knew_others = models.BooleanField(null=True)
    # The request that the chair allowed.
    request = models.OneToOneField(
        WithdrawalRequest, on_delete=models.PROTECT, null=True, related_name="withdrawn"
    )

    class Meta:
        verbose_name = _("review that was taken back")
        verbose_name_plural = _("reviews that were taken back")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="withdrawn_review_is_explained", condition=~Q(reason="")),
            models.CheckConstraint(
                name="withdrawn_review_knowing_others_was_allowed",
                condition=Q(knew_others=None) | Q(knew_others=False) | Q(request__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.review_id} of {self.completed_at}"


class WithdrawnAdvice(models.Model):
    """An advice as it was adopted, before chair or deputy took it back (teruggenomen advies, rule 30)."""

    # That the advice had.
    number = models.BigIntegerField(primary_key=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="withdrawn_advice", db_index=True
    )
    outcome = models.CharField(_("advice"), max_length=10, choices=Outcome)
    amount = models.DecimalField(_("advised amount"), max_digits=12, decimal_places=2)
    text = models.TextField(_("reasons"), max_length=6000)
    rank = models.PositiveSmallIntegerField(_("position in the ranking"), null=True)
    mean_score = models.DecimalField(_("weighted mean"), max_digits=4, decimal_places=2)
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(_("adopted at"))
    reason = models.TextField(_("reason"), max_length=2000)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("taken back at"))

    class Meta:
        verbose_name = _("advice that was taken back")
        verbose_name_plural = _("advice that was taken back")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(name="withdrawn_advice_is_explained", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"advice {self.number}"
