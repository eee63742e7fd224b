"""Organisations that want to be found on a question."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models import ParticipationQuestion
from organisations.models import Organisation


class FoundWish(models.Model):
    """That an organisation wants to be found on a question by others who do (wie zoekt wie).

    First without its name; with it only to those who show theirs on the same question.
    """

    # By the number under which it was proved who speaks for it (rule 27).
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(ParticipationQuestion, on_delete=models.CASCADE, related_name="+")
    shows_name = models.BooleanField(default=False)
    # How others reach it; read with its name alone.
    contact = models.CharField(_("how others reach you"), max_length=150, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    # When it was mailed that somebody else looks too: once.
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="found_wish_once_per_question", fields=["organisation", "question"]),
            models.CheckConstraint(
                name="found_wish_with_contact_shows_its_name", condition=Q(contact="") | Q(shows_name=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.question_id}"
