"""A picture of numbers: rows and columns that meet in cells, the same in drawing, table and file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# From how many on a cell gets its shade.
SHADES = (1, 2, 4, 10)


@dataclass(frozen=True)
class Cell:
    """What stands where a row and a column meet: as it is seen and as it is heard, and where it leads."""

    text: str
    words: str
    shade: int = 0
    address: str = ""
    # Nobody is there, and somebody should be.
    is_open: bool = False


@dataclass(frozen=True)
class Row:
    """A row with its name; a name that people gave is Dutch."""

    label: str
    cells: Sequence[Cell]
    address: str = ""
    is_dutch: bool = True


@dataclass(frozen=True)
class Grid:
    """A picture of numbers, with what it says in sentences."""

    title: str
    told: Sequence[str]
    corner: str
    columns: Sequence[str]
    rows: Sequence[Row]
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def headings(self) -> list[str]:
        """Return the headings of its table."""
        return [self.corner, *self.columns]

    @property
    def lines(self) -> list[list[str]]:
        """Return the rows of its table as text."""
        return [[row.label, *(cell.text for cell in row.cells)] for row in self.rows]


def shade_of(number: int) -> int:
    """Return the shade of a cell: none for nothing, up to four."""
    return sum(number >= each for each in SHADES)
