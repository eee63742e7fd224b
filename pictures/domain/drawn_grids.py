"""Where everything of a picture of numbers stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from pictures.domain.grids import Cell, Grid, Row
from pictures.domain.lettering import wrapped

SIZE = 15
_LINE = 18
_GAP = 4
_MARGIN = 8
_MOST_LINES = 3
# Of the box and of its number, by shade; style sheets have others for dark screens.
_COLOURS = (
    ("#ffffff", "#16262c"),
    ("#e0eef0", "#16262c"),
    ("#a9d0d6", "#16262c"),
    ("#1f6f7b", "#ffffff"),
    ("#0b5360", "#ffffff"),
)


@dataclass(frozen=True)
class Line:
    """One line of text, and where it stands."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class DrawnCell:
    """A cell with its place."""

    cell: Cell
    x: float
    y: float
    width: float
    height: float

    @property
    def colours(self) -> tuple[str, str]:
        """Return the colours of the box and of the number in it."""
        return _COLOURS[self.cell.shade]

    @property
    def middle(self) -> tuple[float, float]:
        """Return where its number stands."""
        return self.x + self.width / 2, self.y + self.height / 2 + SIZE * 0.35


@dataclass(frozen=True)
class DrawnRow:
    """A row with its place."""

    row: Row
    lines: Sequence[Line]
    cells: Sequence[DrawnCell]


@dataclass(frozen=True)
class DrawnGrid:
    """A whole drawing, in units of its view box."""

    width: float
    height: float
    heads: Sequence[Line]
    rows: Sequence[DrawnRow]


def drawn(grid: Grid, *, label_width: float = 210, cell_width: float = 104) -> DrawnGrid:
    """Return the drawing of a grid; the same grid, the same drawing."""
    width = _MARGIN * 2 + label_width + (cell_width + _GAP) * len(grid.columns)
    titles = [wrapped(each, cell_width - _GAP, SIZE, most=_MOST_LINES) for each in grid.columns]
    top = _MARGIN + _LINE * max((len(each) for each in titles), default=0) + _GAP * 2
    left = _MARGIN + label_width
    heads = [
        Line(
            left + (cell_width + _GAP) * column + cell_width / 2,
            top - _GAP * 3 - _LINE * (len(lines) - number - 1),
            text,
        )
        for column, lines in enumerate(titles)
        for number, text in enumerate(lines)
    ]
    rows = []
    for row in grid.rows:
        lines = wrapped(row.label, label_width - _GAP * 3, SIZE, most=_MOST_LINES)
        height = max(34, _LINE * len(lines) + 10)
        first = top + height / 2 - _LINE * (len(lines) - 1) / 2 + SIZE * 0.35
        rows.append(
            DrawnRow(
                row,
                [Line(_MARGIN, first + _LINE * number, text) for number, text in enumerate(lines)],
                [
                    DrawnCell(cell, left + (cell_width + _GAP) * column, top, cell_width, height)
                    for column, cell in enumerate(row.cells)
                ],
            )
        )
        top += height + _GAP
    return DrawnGrid(width, top + _MARGIN, heads, rows)
