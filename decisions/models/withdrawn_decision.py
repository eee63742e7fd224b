"""Decisions that were taken back or sent back before their letter was released."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from calls.enums import Outcome
from calls.models import RejectionGround


class WithdrawnDecision(models.Model):
    """A decision as it was recorded, before it was taken back (teruggenomen besluit); it never changes (rule 30)."""

    # That the decision had.
    number = models.BigIntegerField(primary_key=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="withdrawn_decisions", db_index=True
    )
    # Of the advice it rested on, which may have been taken back since.
    advice_number = models.BigIntegerField()
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome)
    amount = models.DecimalField(_("granted amount"), max_digits=12, decimal_places=2)
    ground = models.ForeignKey(RejectionGround, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.TextField(_("reasons"), max_length=6000)
    deviation = models.TextField(_("why it departs from the advice"), max_length=2000, blank=True)
    # Of a grant in part: position, accepted and reason of each budget line.
    lines = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    reason = models.TextField(_("reason"), max_length=2000)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("taken back at"))

    class Meta:
        verbose_name = _("decision that was taken back")
        verbose_name_plural = _("decisions that were taken back")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(name="withdrawn_decision_is_explained", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"decision {self.number}"
