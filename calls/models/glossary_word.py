"""The words of a call that need explaining."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class GlossaryWord(models.Model):
    """A word that the texts of a call use, with what it means (woordenlijst)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="words")
    position = models.PositiveSmallIntegerField()
    word = models.CharField(_("word"), max_length=60)
    # How texts have it too: plurals, or the whole name of an abbreviation.
    forms = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    meaning = models.CharField(_("meaning"), max_length=400)
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("word of the call")
        verbose_name_plural = _("words of the call")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="glossary_word_once_per_call", fields=["call", "word"]),
            models.CheckConstraint(
                name="glossary_word_has_a_meaning", condition=~Q(word="") & ~Q(meaning="")
            ),
        ]

    def __str__(self) -> str:
        return self.word
