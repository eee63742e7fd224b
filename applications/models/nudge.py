"""Reminders that who speaks for the lead had sent to who did not answer."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.collaborator import Collaborator
from applications.models.one_time_link import OneTimeLink


class Nudge(models.Model):
    """That somebody was reminded, at the request of a colleague, of what they were asked in a draft (duwtje).

    It goes with what it reminds of.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="nudges")
    # What was not answered: a request for consent, or an invitation to write along.
    link = models.ForeignKey(OneTimeLink, on_delete=models.CASCADE, null=True, related_name="nudges")
    collaborator = models.ForeignKey(Collaborator, on_delete=models.CASCADE, null=True, related_name="nudges")
    nudged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nudged_at = models.DateTimeField()
    # Not where the person does not want such mails, which is told to nobody.
    was_mailed = models.BooleanField()

    class Meta:
        verbose_name = _("reminder that somebody asked for")
        verbose_name_plural = _("reminders that somebody asked for")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nudge_about_a_request_or_an_invitation",
                condition=Q(link__isnull=False, collaborator=None) | Q(link=None, collaborator__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.nudged_at:%Y-%m-%d}"
