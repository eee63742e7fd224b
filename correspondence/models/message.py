"""Messages."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence.enums import Side
from correspondence.models.conversation import Conversation


class Message(models.Model):
    """What one side wrote to the other (bericht); the other side reads it from its delivery on, and then it stays as it is."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    # Within the conversation.
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    # Empty once it was taken back.
    text = models.TextField(_("message"), blank=True)
    # A key of the page that it was sent from: a second click adds nothing.
    added_with = models.UUIDField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(
                fields=["written_at"],
                condition=Q(delivered_at=None, taken_back_at=None),
                name="message_to_deliver",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="message_of_a_known_side", condition=Q(side__in=Side.values)),
            models.CheckConstraint(
                name="message_says_something_until_taken_back",
                condition=Q(taken_back_at=None) & ~Q(text="") | Q(taken_back_at__isnull=False, text=""),
            ),
            models.CheckConstraint(
                name="message_delivered_or_taken_back",
                condition=Q(delivered_at=None) | Q(taken_back_at=None),
            ),
            models.UniqueConstraint(name="message_once_per_number", fields=["conversation", "number"]),
            models.UniqueConstraint(name="message_sent_once", fields=["written_by", "added_with"]),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.number}"
