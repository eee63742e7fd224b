"""The words of a call's letters."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.enums import Outcome
from calls.models.call import Call


class LetterText(models.Model):
    """A section of the decision letters of a call, in Dutch (brieftekst).

    ``body`` holds paragraphs parted by an empty line; lines that start with ``- `` are a list. Words in
    braces are filled in: see ``calls.domain.letter_texts``. ``with_key_facts`` sets the table of the
    grant below the text.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="letter_texts")
    outcome = models.CharField(_("letter"), max_length=10, choices=Outcome)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    body = models.TextField(_("text"))
    with_key_facts = models.BooleanField(_("with the table of the grant"), default=False)

    class Meta:
        verbose_name = _("letter text")
        verbose_name_plural = _("letter texts")
        ordering: ClassVar = ["outcome", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="letter_text_once_per_position", fields=["call", "outcome", "position"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.position}"
