"""Conversations about an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from correspondence.enums import Side


class Conversation(models.Model):
    """Messages on one subject about one application, between its applicants and the office (gesprek).

    It is no part of what is assessed. Nothing is erased with an application before its files are noted.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conversations")
    # Within the application: a number over all of them would tell how many there are (rule 26).
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(_("subject"), max_length=120)
    begun_by = models.CharField(max_length=10, choices=Side)
    begun_at = models.DateTimeField()
    # When what the office has not answered yet was delivered, the earliest of it; follows from its messages.
    waits_since = models.DateTimeField(_("waits since"), null=True)
    # When what the applicants have not opened yet was delivered, the earliest of it.
    unread_since = models.DateTimeField(null=True)
    # When an officer last said that what stands here needs no answer.
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes: ClassVar = [
            models.Index(
                fields=["waits_since"], condition=Q(waits_since__isnull=False), name="conversation_waits"
            ),
            models.Index(
                fields=["application"], condition=Q(unread_since__isnull=False), name="conversation_unread"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="conversation_begun_by_a_known_side", condition=Q(begun_by__in=Side.values)
            ),
            models.CheckConstraint(name="conversation_has_a_subject", condition=~Q(subject="")),
            models.CheckConstraint(
                name="conversation_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.UniqueConstraint(name="conversation_once_per_number", fields=["application", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.number}"
