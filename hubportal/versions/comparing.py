"""Comparing the saved version with what was typed, field by field."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from functools import partial
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
# The same few words over and over: a thousand words of a text that people write give 10,000 to 30,000.
MAX_PAIRS = 60_000

# An amount or a day in figures is one word.
_WORDS = re.compile(r"\s+|\d[\d.,-]*\d|\w+|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """One field of which another value is kept than was typed, both as a person reads them."""

    label: str
    kept: str
    typed: str

    @property
    def kept_marked(self) -> SafeString:
        """Return what is kept, with the words marked that were typed otherwise."""
        return _kept_marked(self.kept, self.typed)

    @property
    def typed_marked(self) -> SafeString:
        """Return what was typed, with the words marked that are kept otherwise."""
        return _typed_marked(self.kept, self.typed)


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


def merged(before: str, after: str) -> SafeString:
    """Return the later of two texts with what was put in and taken out since the earlier one, marked and said."""
    words, others = _words_of(before, after)
    pieces: list[SafeString] = []
    for _kind, first, last, begin, end in _opcodes(words, others):
        pieces += _change("".join(words[first:last]), "".join(others[begin:end]))
    return _joined(pieces)


def _change(gone: str, come: str) -> Iterator[SafeString]:
    if gone == come:
        yield format_html("{}", gone)
        return
    if gone.strip():
        yield _taken_out(gone)
    if come:
        yield _put_in(come)


def _kept_marked(kept: str, typed: str) -> SafeString:
    words, others = _words_of(kept, typed)
    return _joined(
        format_html("{}", piece) if kind == "equal" else _taken_out(piece)
        for kind, first, last, _begin, _end in _opcodes(words, others)
        if (piece := "".join(words[first:last]))
    )


def _typed_marked(kept: str, typed: str) -> SafeString:
    words, others = _words_of(kept, typed)
    return _joined(
        format_html("{}", piece) if kind == "equal" else _put_in(piece)
        for kind, _first, _last, begin, end in _opcodes(words, others)
        if (piece := "".join(others[begin:end]))
    )


def _opcodes(words: Sequence[str], others: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    # Spaces are no place to begin a match: they are everywhere, so that finding it would take long.
    return SequenceMatcher(str.isspace, words, others, autojunk=False).get_opcodes()


def _words_of(text: str, other: str) -> tuple[list[str], list[str]]:
    """Return the words of two texts; their lines, or each as a whole, where comparing them takes too long."""
    if NOTHING in {text, other}:
        return [each for each in [text] if each != NOTHING], [each for each in [other] if each != NOTHING]
    words, lines = (
        (way(text), way(other)) for way in (_WORDS.findall, partial(str.splitlines, keepends=True))
    )
    return next((each for each in (words, lines) if _is_comparable(*each)), ([text], [other]))


def _is_comparable(words: Sequence[str], others: Sequence[str]) -> bool:
    return len(words) + len(others) <= MAX_WORDS_COMPARED and _pairs(words, others) <= MAX_PAIRS


def _pairs(words: Sequence[str], others: Sequence[str]) -> int:
    """Return in how many ways one word can be matched with another."""
    counted, other = Counter(words), Counter(others)
    return sum(number * other[word] for word, number in counted.items() if not word.isspace())


def _joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((each,) for each in pieces)) or format_html("{}", NOTHING)


def _taken_out(text: str) -> SafeString:
    return _said("del", _("taken out"), text)


def _put_in(text: str) -> SafeString:
    return _said("ins", _("put in"), text)


def _said(element: str, words: str, text: str) -> SafeString:
    """Return a change as an element, with words that only a reader of the screen says; they are not copied along."""
    if not text.strip():
        return format_html("{}", text)
    hidden = SafeString('<span class="hub-visually-hidden hub-change__said">{}</span>')
    said = (format_html(hidden, f" [{words}: "), format_html(hidden, "] "))
    return format_html("<{0}>{2}{1}{3}</{0}>", SafeString(element), text, *said)
