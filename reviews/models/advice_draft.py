"""Drafts of advice."""

from django.conf import settings
from django.db import models

from applications.models import Application
from calls.enums import Outcome


class AdviceDraft(models.Model):
    """An advice as far as chair or deputy has written it (concept van het advies); it binds nobody (rules 30 and 32)."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="advice_draft"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    text = models.TextField(max_length=6000, blank=True)
    rank = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id}: version {self.version}"
