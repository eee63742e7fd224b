"""Coalitions that ask the kwartiermaker of their region to think along."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalitions.models import Coalition

MOST_OF_A_WISH = 500


class HelpRequest(models.Model):
    """What a coalition asks the kwartiermakers of its region (hulpvraag).

    The coalition's own choice: before it, and once it ended, no kwartiermaker knows of the coalition (rule 26).
    """

    coalition = models.ForeignKey(Coalition, on_delete=models.PROTECT, related_name="help_requests")
    wish = models.TextField(_("what you are looking for"), max_length=MOST_OF_A_WISH, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="help_request_one_open_per_coalition", fields=["coalition"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="help_request_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coalition_id} since {self.asked_at}"
