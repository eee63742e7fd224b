"""Decisions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, SealedApplication
from calls.enums import Outcome
from calls.models import RejectionGround
from letters.models import Letter
from reviews.models import CommitteeAdvice


class Decision(models.Model):
    """What the programme office decides on one sealed application (besluit, rule 18)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    # A decision needs both; the database does not take one without.
    seal = models.OneToOneField(SealedApplication, on_delete=models.PROTECT, related_name="decision")
    advice = models.OneToOneField(CommitteeAdvice, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome)
    amount = models.DecimalField(_("granted amount"), max_digits=12, decimal_places=2)
    requested_amount = models.DecimalField(max_digits=12, decimal_places=2)
    # A rejection has a ground (rule 20).
    ground = models.ForeignKey(
        RejectionGround, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("ground")
    )
    reasons = models.TextField(_("reasons"), max_length=6000)
    # Why it departs from the advice, in outcome or amount; the letter says it (rule 31).
    deviation = models.TextField(
        _("why it departs from the advice"), max_length=2000, blank=True, db_default=""
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    # The letter that tells of it, from its release on; a correction supersedes that letter, and leaves this be.
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, related_name="decision")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="decision_amount_fits_its_outcome",
                condition=Q(outcome="granted", amount__gt=0, amount__lte=F("requested_amount"))
                | Q(outcome="rejected", amount=0),
            ),
            models.CheckConstraint(
                name="decision_rejects_on_a_ground",
                condition=Q(outcome="rejected", ground__isnull=False) | Q(outcome="granted", ground=None),
            ),
            models.CheckConstraint(name="decision_has_reasons", condition=~Q(reasons="")),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"

    @property
    def departs_from_advice(self) -> bool:
        """Tell whether outcome or amount differs from the advice of the committee (rule 31)."""
        return (self.outcome, self.amount) != (self.advice.outcome, self.advice.amount)
