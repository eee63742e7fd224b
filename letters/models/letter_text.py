"""The words of a call's letters."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from letters.models.letter_kind import LetterKind


def _number_as_range(column: str) -> Func:
    # A range of an id instead of the id: equality of numbers needs no extension that way.
    return Func(column, column, Value("[]"), function="int8range")


class LetterText(models.Model):
    """One version of what letters of a kind say in a call (brieftekst), in force on some days."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="letter_texts")
    kind = models.ForeignKey(LetterKind, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("in force from"))
    # The last day; empty while nothing replaces it.
    valid_until = models.DateField(_("in force until"), null=True)

    class Meta:
        verbose_name = _("letter text")
        verbose_name_plural = _("letter texts")
        ordering: ClassVar = ["kind", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="letter_text_one_of_a_version", fields=["call", "kind", "version"]),
            models.CheckConstraint(
                name="letter_text_in_force_for_a_day_or_more",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="letter_texts_of_a_kind_do_not_overlap",
                expressions=[
                    (_number_as_range("call_id"), RangeOperators.OVERLAPS),
                    (_number_as_range("kind_id"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.version}"


class LetterTextSection(models.Model):
    """A section of a letter's text, in Dutch.

    ``body`` holds paragraphs parted by an empty line; lines that start with ``- `` are a list. Words in
    braces are filled in: see ``letters.domain.placeholders``. ``with_key_facts`` sets the table of the
    key facts below the text.
    """

    text = models.ForeignKey(LetterText, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    body = models.TextField(_("text"))
    with_key_facts = models.BooleanField(_("with the table of key facts"), default=False)

    class Meta:
        verbose_name = _("section of a letter text")
        verbose_name_plural = _("sections of letter texts")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="letter_text_section_once_per_position", fields=["text", "position"])
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.position}"
