"""Tables as text: CSV in whatever encoding and with whatever separator, cells that were pasted, and safe cells."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from hubportal.kernel.text import is_filled, visible
from imports.enums import LAST_ROW, MAX_COLUMNS, MAX_ROWS, Failure

SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab"}
# A file can have a title above its headings.
ROWS_ABOVE = 10
_ROWS_SNIFFED = 50
# No spreadsheet has more columns, empty ones too.
_MOST_OF_A_SHEET = 16_384
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What makes a cell a formula to some spreadsheet, also behind apostrophes that were put before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]")
_SAID_SEPARATOR = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """The rows of a file, each with its number in it, and how the file was read."""

    rows: list[tuple[int, list[str]]]
    read_as: str


class UnreadableTable(Exception):  # noqa: N818 -- it names what the file is
    """A file of which no rows can be read, with the reason."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def harmless(cell: str) -> str:
    """Return the text of a cell that no spreadsheet takes for a formula; ``plain`` takes off what this puts before it.

    Line by line: a program that reads another separator makes a new row of each.
    """
    return "\n".join(f"'{line}" if _FORMULA.match(line) else line for line in cell.split("\n"))


def plain(cell: str) -> str:
    """Return the text of a cell as it was before ``harmless``."""
    lines = (
        line[1:] if line.startswith("'") and _FORMULA.match(line[1:]) else line for line in cell.split("\n")
    )
    return "\n".join(lines)


def text_of(data: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding: by its mark, else UTF-8, else Windows-1252. Raises ``UnreadableTable``."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    if b"\0" in data or data.startswith(b"%PDF-"):
        raise UnreadableTable(Failure.DAMAGED)
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "windows-1252"


def read_text(data: bytes) -> Table:
    """Return the rows of a CSV file. Raises ``UnreadableTable``."""
    text, encoding = text_of(data)
    said = _SAID_SEPARATOR.match(text)
    separator = said[1] if said else separator_of(text)
    rows = parsed(text[said.end() :] if said else text, separator)
    shift = 2 if said else 1
    return _table(rows, f"{encoding}, {SEPARATORS[separator]}", first=shift)


def read_pasted(text: str) -> Table:
    """Return the rows of cells that were pasted: with tabs as spreadsheets copy them, else as CSV. Raises ``UnreadableTable``."""
    separator = "\t" if "\t" in text else separator_of(text)
    return _table(parsed(text, separator), f"pasted, {SEPARATORS[separator]}", first=1)


def separator_of(text: str) -> str:
    """Return the separator with which most rows have the same number of cells, more than one."""
    return max(SEPARATORS, key=lambda each: _evenness(text, each))


def _evenness(text: str, separator: str) -> tuple[bool, float, int]:
    # The last line may be cut off.
    beginning = text[:100_000].rpartition("\n")[0] if len(text) > 100_000 else text
    rows = [row for _number, row in zip(range(_ROWS_SNIFFED), parsed(beginning, separator), strict=False)]
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return False, 0.0, 0
    # One cell in each row is what a wrong separator gives.
    width, times = max(widths.items(), key=lambda each: (each[0] > 1, each[1], each[0]))
    return width > 1, times / widths.total(), width


def parsed(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV text. Raises ``UnreadableTable``."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as problem:
        raise UnreadableTable(Failure.DAMAGED) from problem


def _table(rows: Iterable[Sequence[str]], read_as: str, *, first: int) -> Table:
    kept: list[tuple[int, list[str]]] = []
    for number, row in enumerate(rows, start=first):
        if len(row) > _MOST_OF_A_SHEET:
            # Before each is looked at: a line of separators alone has millions of them.
            raise UnreadableTable(Failure.TOO_WIDE)
        cells = [visible(each) for each in row]
        while cells and not is_filled(cells[-1]):
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise UnreadableTable(Failure.TOO_WIDE)
        kept.append((number, cells))
        if len(kept) > MAX_ROWS + ROWS_ABOVE or number > LAST_ROW:
            raise UnreadableTable(Failure.TOO_LONG)
    if not kept:
        raise UnreadableTable(Failure.EMPTY)
    return Table(kept, read_as)


def table_of(rows: Iterable[Sequence[str]], read_as: str) -> Table:
    """Return rows that were read otherwise as a table. Raises ``UnreadableTable``."""
    return _table(rows, read_as, first=1)


def within_limit(size: int) -> bool:
    """Tell whether a file of this size, in bytes, is no larger than an upload may be."""
    return size <= settings.UPLOAD_LIMIT_BYTES
