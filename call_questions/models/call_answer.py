"""Answers about a call that everybody reads."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models import Call


class CallAnswer(models.Model):
    """A question about a call in the office's words, with its answer, public from its publication on (vraag en antwoord).

    Who asked stands nowhere in it. What the office is still writing stands beside what is public, and only the office reads it.
    """

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="public_answers")
    # In the order of publication: a number over all of them would tell how many are not public (rule 26).
    number = models.PositiveSmallIntegerField(null=True)
    question = models.TextField(_("question"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    published_at = models.DateTimeField(_("published on"), null=True)
    changed_at = models.DateTimeField(_("changed on"), null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_because = models.TextField(blank=True)

    drafted_question = models.TextField(blank=True)
    drafted_answer = models.TextField(blank=True)
    # Of draft and public text together.
    version = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer about a call")
        verbose_name_plural = _("answers about calls")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="call_answer_is_public_as_a_whole",
                condition=Q(number=None, question="", answer="", published_at=None, changed_at=None)
                | (Q(number__isnull=False, published_at__isnull=False) & ~Q(question="") & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="call_answer_taken_back_with_a_reason",
                condition=Q(taken_back_at=None, taken_back_because="")
                | (Q(taken_back_at__isnull=False, published_at__isnull=False) & ~Q(taken_back_because="")),
            ),
            models.UniqueConstraint(name="call_answer_once_per_number", fields=["call", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.number or 'draft'}"

    @property
    def is_public(self) -> bool:
        """Tell whether everybody reads its answer now."""
        return self.published_at is not None and self.taken_back_at is None

    @property
    def is_changed(self) -> bool:
        """Tell whether the office wrote another text than the one that was made public."""
        return self.published_at is not None and (self.question, self.answer) != (
            self.drafted_question,
            self.drafted_answer,
        )
