"""Comparing the saved version with what was typed, field by field."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import Match, SequenceMatcher
from functools import partial
from itertools import accumulate
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
# Texts in which no two words in a row are the same are looked through once for each word that both have.
MAX_LOOKS = 4_000_000

# An amount or a day in figures is one word.
_WORDS = re.compile(r"\s+|\d[\d.,-]*\d|\w+|[^\w\s]")


Opcodes = Sequence[tuple[str, int, int, int, int]]


class _TooLong(Exception):  # noqa: N818 -- it names what comparing takes
    """Two texts take longer to compare than a person waits."""


class _Matcher(SequenceMatcher[str]):
    """Finds what two texts share, and gives up once that took too many looks."""

    def __init__(self, words: Sequence[str], others: Sequence[str]) -> None:
        # Spaces are no place to begin a match: they are everywhere, so that finding it would take long.
        super().__init__(str.isspace, words, others, autojunk=False)
        counted = Counter(each for each in others if not each.isspace())
        # How many looks the words before each one take.
        self._before = [0, *accumulate(counted[each] for each in words)]
        self._looks = 0

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """Find it as ever. Raises ``_TooLong``."""
        self._looks += self._before[-1 if ahi is None else ahi] - self._before[alo]
        if self._looks > MAX_LOOKS:
            raise _TooLong
        return super().find_longest_match(alo, ahi, blo, bhi)


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


def both_in_one(kept: str, typed: str) -> str:
    """Return a text with every line of both, those that both have once; where they differ, what is kept stands first.

    A line that only goes on where the other one ends takes its place.
    """
    lines, others = kept.splitlines(), typed.splitlines()
    try:
        opcodes = _Matcher(lines, others).get_opcodes()
    except _TooLong:
        return f"{kept}\n\n{typed}"
    pieces: list[str] = []
    for _kind, first, last, begin, end in opcodes:
        mine, theirs = "\n".join(others[begin:end]), "\n".join(lines[first:last])
        pieces += (
            [theirs] if theirs.startswith(mine) else [mine] if mine.startswith(theirs) else [theirs, mine]
        )
    return "\n".join(pieces)


def merged(before: str, after: str) -> SafeString:
    """Return the later of two texts with what was put in and taken out since the earlier one, marked and said."""
    words, others, opcodes = _compared(before, after)
    pieces: list[SafeString] = []
    for _kind, first, last, begin, end in opcodes:
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
    words, _others, opcodes = _compared(kept, typed)
    return _joined(
        format_html("{}", piece) if kind == "equal" else _taken_out(piece)
        for kind, first, last, _begin, _end in opcodes
        if (piece := "".join(words[first:last]))
    )


def _typed_marked(kept: str, typed: str) -> SafeString:
    _words, others, opcodes = _compared(kept, typed)
    return _joined(
        format_html("{}", piece) if kind == "equal" else _put_in(piece)
        for kind, _first, _last, begin, end in opcodes
        if (piece := "".join(others[begin:end]))
    )


def _compared(text: str, other: str) -> tuple[list[str], list[str], Opcodes]:
    """Return the words of two texts and what differs in them; their lines, or each as a whole, where that takes too long."""
    if NOTHING in {text, other}:
        words, others = ([] if each == NOTHING else [each] for each in (text, other))
        return words, others, _Matcher(words, others).get_opcodes()
    for way in (_WORDS.findall, partial(str.splitlines, keepends=True)):
        words, others = way(text), way(other)
        if _is_comparable(words, others):
            with suppress(_TooLong):
                return words, others, _Matcher(words, others).get_opcodes()
    return [text], [other], _Matcher([text], [other]).get_opcodes()


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
