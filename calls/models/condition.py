"""The conditions of a call, as questions."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class Condition(models.Model):
    """A condition of a call as a question to which a yes means that it is met (voorwaarde).

    Sentences are Dutch, and English where one is given; ``{names}`` of values of the call are filled in.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="conditions")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    question = models.CharField(_("question"), max_length=250)
    question_en = models.CharField(_("question in English"), max_length=250, blank=True)
    # What is meant, for who hesitates.
    explanation = models.CharField(_("what is meant"), max_length=400)
    explanation_en = models.CharField(_("what is meant, in English"), max_length=400, blank=True)
    # Why a no means that one cannot apply, and what one could do instead.
    refusal = models.CharField(_("why not"), max_length=400)
    refusal_en = models.CharField(_("why not, in English"), max_length=400, blank=True)
    instead = models.CharField(_("what one could do instead"), max_length=400)
    instead_en = models.CharField(_("what one could do instead, in English"), max_length=400, blank=True)
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="condition_once_per_call", fields=["call", "key"]),
            models.CheckConstraint(
                name="condition_says_why_and_what_instead",
                condition=~Q(question="") & ~Q(explanation="") & ~Q(refusal="") & ~Q(instead=""),
            ),
        ]

    def __str__(self) -> str:
        return self.question
