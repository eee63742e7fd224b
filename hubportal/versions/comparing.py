"""Comparing the saved version with what was typed, field by field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hubportal.kernel.dates import day_in_words
from hubportal.kernel.money import euros

NOTHING = "–"
# Beyond it, finding the words that differ takes longer than a person waits.
MAX_WORDS_COMPARED = 4000

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """One field of which another value is kept than was typed, both as a person reads them."""

    label: str
    kept: str
    typed: str

    @property
    def kept_marked(self) -> SafeString:
        """Return what is kept, with the words marked that were typed otherwise."""
        return _marked(self.kept, self.typed)

    @property
    def typed_marked(self) -> SafeString:
        """Return what was typed, with the words marked that are kept otherwise."""
        return _marked(self.typed, self.kept)


def in_words(field: forms.Field, value: Any) -> str:
    """Return a value of a field as a person reads it: a choice by its name, a day and an amount in full."""
    if value is None or value in ("", [], frozenset()):
        return NOTHING
    if isinstance(value, (list, frozenset)):
        return ", ".join(in_words(field, each) for each in value)
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.ChoiceField):
        return _name_of(value, field)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return _in_words(value)


def _in_words(value: Any) -> str:
    if isinstance(value, Decimal):
        return euros(value)
    return day_in_words(value) if isinstance(value, date) else str(value)


def _name_of(value: Any, field: forms.ChoiceField) -> str:
    choices: Any = flatten_choices(field.choices)  # type: ignore[arg-type]
    return next((str(name) for key, name in choices if str(key) == str(value)), str(value))


def differing_rows(kept: Sequence[str], typed: Sequence[str]) -> Iterator[Difference]:
    """Yield the differences between two tables; rows that only shifted are no difference."""
    for kind, first, last, begin, end in SequenceMatcher(None, kept, typed, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(last - first, end - begin)):
            before = kept[first + step] if first + step < last else NOTHING
            after = typed[begin + step] if begin + step < end else NOTHING
            number = begin + step + 1 if begin + step < end else first + step + 1
            yield Difference(_("Line %(number)d") % {"number": number}, before, after)


def _marked(text: str, other: str) -> SafeString:
    words, others = _WORDS.findall(text), _WORDS.findall(other)
    if NOTHING in {text, other} or len(words) + len(others) > MAX_WORDS_COMPARED:
        return format_html("{}", text)
    return format_html_join("", "{}", ((each,) for each in _pieces(words, others)))


def _pieces(words: Sequence[str], others: Sequence[str]) -> Iterable[str]:
    for kind, first, last, _begin, _end in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        piece = "".join(words[first:last])
        yield piece if kind == "equal" or not piece.strip() else format_html("<mark>{}</mark>", piece)
