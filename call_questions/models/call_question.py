"""Questions that somebody asked about a call."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from call_questions.models.call_answer import CallAnswer
from calls.models import Call


class CallQuestion(models.Model):
    """What somebody asked about a call, in their own words: only they and the office read it (vraag over een oproep)."""

    # What the page chose: it stands in addresses, and a second click asks nothing.
    key = models.UUIDField(unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="asked_questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked on"))
    # Where the office writes the answer for everybody; the question is settled once that is public.
    answer = models.OneToOneField(CallAnswer, on_delete=models.PROTECT, null=True, related_name="asked")
    # For who asked alone.
    private_answer = models.TextField(_("answer"), blank=True)
    settled_at = models.DateTimeField(_("answered on"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("question about a call")
        verbose_name_plural = _("questions about calls")
        constraints: ClassVar = [
            models.CheckConstraint(name="call_question_asks_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="call_question_settled_in_one_way",
                condition=Q(settled_at=None, settled_by=None, private_answer="")
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False)
                    & (Q(answer__isnull=False, private_answer="") | (Q(answer=None) & ~Q(private_answer="")))
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(settled_at=None), name="call_question_waits")
        ]

    def __str__(self) -> str:
        return f"question about {self.call_id}"
