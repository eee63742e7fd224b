"""Addresses by which one person answers by mail."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from correspondence.models.conversation import Conversation


class AnswerAddress(models.Model):
    """The address in one notice by which one of the applicants answers in one conversation (antwoordadres).

    It is worth nothing from another mailbox.
    A row, not a signature: what was signed cannot end with the conversation, and is longer than an address may be.
    """

    # Of its secret part, which stands in the mail alone.
    digest = models.CharField(max_length=64, unique=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="answer_addresses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Theirs when it was made: who has another one since answers from a new notice.
    mailbox = models.CharField(max_length=254)
    # The last message that there was to read: an answer is to no later one.
    up_to = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="answer_address_keeps_a_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.person_id}"
