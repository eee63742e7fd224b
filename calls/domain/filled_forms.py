"""Finding in the text of a form that somebody filled in what they answered to each section of its call."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from calls.domain.form_words import Part, parts_of, title_of
from calls.models import Call
from hubportal.kernel.text import visible

# What people and programs put before a heading: 3, 3.1, 3), b., IV.
_NUMBER = re.compile(r"\A(?:(?:\d+(?:[.)]\d+)*|[a-z]|[ivx]+)[.)]\s*|\d+(?:\.\d+)*\s+)+")
_GAP = re.compile(r"\n(?:[ \t]*\n){2,}")


class Block(NamedTuple):
    """A paragraph or a row of a table as the file has it: its level as a heading, 0 for none, and the mark of an item."""

    text: str
    level: int = 0
    mark: str = ""

    @property
    def line(self) -> str:
        """Return it as a line of text."""
        return f"{self.mark}{self.text}" if self.text.strip() else ""


@dataclass(frozen=True)
class FilledForm:
    """What stands in a form that was filled in."""

    # By key of the section, in the order of the call.
    answers: dict[str, str]
    # The titles of sections that were left empty, and of those that are not there.
    empty: list[str]
    absent: list[str]
    # What stands outside the answers and is not of the form itself: under which heading, and the text.
    unplaced: list[tuple[str, str]]


@dataclass
class _Answer:
    """What is found under the heading of one section."""

    key: str
    part: Part
    printed: frozenset[str]
    is_there: bool = False
    has_room: bool = False
    # Above the line that says where the answer goes, and below it.
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the answer: all that was written, where the line is gone that says where it goes."""
        return _joined(self.below if self.has_room else self.above)

    @property
    def astray(self) -> str:
        """Return what stands above that line and is not of the form."""
        return _joined(self.above) if self.has_room else ""

    def take(self, block: Block) -> None:
        """Take in a paragraph."""
        if self.has_room:
            self.below.append(block.line)
            return
        room = self.part.room.casefold()
        if block.text.strip().casefold().startswith(room):
            self.has_room = True
            self.below.append(block.text.strip()[len(room) :].strip())
        elif _plain(block.text) not in self.printed:
            self.above.append(block.line)

    def drop_last(self) -> None:
        """Drop the last line: a heading that turned out to be of the next section."""
        lines = self.below if self.has_room else self.above
        while lines and not lines.pop():
            pass


def filled_form(blocks: Iterable[Block], call: Call) -> FilledForm:
    """Return what stands in a form of a call, which was read with its parts; nothing that is there is left out."""
    reading = _Reading(call, list(blocks))
    reading.read()
    answers = reading.answers
    return FilledForm(
        answers={each.key: each.text for each in answers if each.text},
        empty=[each.part.heading for each in answers if each.is_there and not each.text],
        absent=[each.part.heading for each in answers if not each.is_there],
        unplaced=[*reading.outside(), *((each.part.heading, each.astray) for each in answers if each.astray)],
    )


class _Reading:
    """Goes through the paragraphs of one file."""

    def __init__(self, call: Call, blocks: Sequence[Block]) -> None:
        parts = parts_of(call)
        asked = [each for each in parts if each.room]
        self.blocks = blocks
        self.answers = [
            _Answer(section.key, part, frozenset(map(_plain, part.paragraphs)))
            for section, part in zip(call.sections.all(), asked, strict=True)
        ]
        self.by_title = {_plain(each.part.heading): each for each in self.answers}
        # Where somebody gave a section another heading, its question says which it is.
        self.by_question = {_plain(each.part.paragraphs[0]): each for each in self.answers}
        others = {_plain(each.heading) for each in parts if not each.room} | {_plain(title_of(call))}
        self.others = others - self.by_title.keys()
        self.printed = {_plain(each) for part in parts for each in _printed(part)} | others
        self.real = {_plain(each.text) for each in blocks if each.level}
        self.has_headings = not self.real.isdisjoint(self.others | self.by_title.keys())
        # Outside all sections, by the heading above.
        self.lines: dict[str, list[str]] = {}
        self.current: _Answer | None = None
        self.heading = ""
        self.last = Block("")

    def read(self) -> None:
        """Give each paragraph to the section under whose heading it stands."""
        for block in self.blocks:
            self._take(block, _plain(block.text))
            if self.current is not None:
                self.current.is_there = True

    def _take(self, block: Block, words: str) -> None:
        asked = self.by_question.get(words) if words else None
        if self._is_heading(block, words):
            self.current, self.heading, self.last = self.by_title.get(words), block.text.strip(), Block("")
        elif asked is not None and (self.current is None or words not in self.current.printed):
            if self.current is not None and self.last.level:
                self.current.drop_last()
            self.current, self.last = asked, Block("")
        else:
            if self.current is not None:
                self.current.take(block)
            elif words not in self.printed:
                self.lines.setdefault(self.heading, []).append(block.line)
            self.last = block if words else self.last

    def _is_heading(self, block: Block, words: str) -> bool:
        """Tell whether a heading of the form begins here; one that lost its style counts where no other is called so."""
        if not words or block.mark:
            return False
        is_known = words in self.by_title or words in self.others
        if block.level:
            return is_known
        is_lost = words in self.by_title or (is_known and not self.has_headings)
        return is_lost and words not in self.real

    def outside(self) -> Iterator[tuple[str, str]]:
        """Yield what stands outside all sections, by the heading above it."""
        for heading, lines in self.lines.items():
            if text := _joined(lines):
                yield visible(heading), text


def _printed(part: Part) -> Iterator[str]:
    yield from (*part.paragraphs, *part.items, part.room)
    for row in (part.head, *part.rows):
        yield " | ".join(row)


def _plain(text: str) -> str:
    """Return words as they are compared: whatever their numbers, case, spaces and signs at the end."""
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _NUMBER.sub("", words).strip(" .:|")


def _joined(lines: Iterable[str]) -> str:
    """Return lines as one text, as what is pasted out of Word: a line for each paragraph."""
    text = visible("\n".join(line.rstrip() for each in lines for line in each.split("\n")))
    return _GAP.sub("\n\n", text).strip("\n")
