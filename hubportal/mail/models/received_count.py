"""Counts of mails that came in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.mail.enums import Outcome


class ReceivedCount(models.Model):
    """How many mails came in with one outcome, and when the last one (telling van ontvangen mail); nothing of what they said."""

    outcome = models.CharField(max_length=10, choices=Outcome, unique=True)
    number = models.BigIntegerField(_("number"), default=0)
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="received_count_of_a_known_outcome", condition=Q(outcome__in=Outcome.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.number}"
