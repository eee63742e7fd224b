"""Drafts of decisions."""

from django.conf import settings
from django.db import models

from applications.models import Application
from calls.enums import Outcome
from calls.models import RejectionGround


class DecisionDraft(models.Model):
    """A decision as far as an officer has written it (concept van het besluit); it binds nobody (rules 30 and 32)."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="decision_draft"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    ground = models.ForeignKey(RejectionGround, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.TextField(max_length=6000, blank=True)
    deviation = models.TextField(max_length=2000, blank=True)
    # What was typed at budget lines: position, accepted (or nothing) and reason of each.
    lines = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id}: version {self.version}"
