"""Where the names stand on the map: inside their region, or beside the coast with a line to it.

Coordinates of labels are text: in an attribute of SVG they take no part in how a language writes numbers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
Ring = tuple[Point, ...]

_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)[\s,]+(-?\d+(?:\.\d+)?)")
# In the coordinates of the shapes, whose drawing is about 800 wide; style sheets set the size of letters alike.
LETTER_WIDTH = 8.6
LINE_HEIGHT = 19.0
_GAP_BETWEEN_LABELS = 7.0
_GAP_TO_THE_COAST = 26.0
# Letters may reach this far over the edge of their region.
_OVERREACH = 4.0
_INSIDE_LINE = 11
_BESIDE_LINE = 18
# A number, where there is no room for names, stands lower than its point, which so lies in its middle.
_NUMBER_DROP = 10


@dataclass(frozen=True)
class Label:
    """Where a number stands, and where each line of a name begins.

    A name beside its region has a leader, the line that ties it to a dot inside.
    """

    x: str
    y: str
    lines: tuple[tuple[str, str, str], ...]
    leader: str = ""
    dot: tuple[str, str] = ("", "")


@dataclass
class NamedShape:
    """What is needed of a region to place its name."""

    name: str
    shape: str
    x: float
    y: float
    rings: tuple[Ring, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.rings = rings_of(self.shape)


def rings_of(shape: str) -> tuple[Ring, ...]:
    """Return the closed lines of a path that is written in absolute coordinates."""
    rings = (tuple((float(x), float(y)) for x, y in _PAIR.findall(part)) for part in shape.split("M"))
    return tuple(ring for ring in rings if ring)


def frame_of(shapes: Iterable[NamedShape]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a drawing, with a little room around it."""
    points = [point for each in shapes for ring in each.rings for point in ring] or [(0.0, 0.0), (1.0, 1.0)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    room = (right - left) * 0.015
    return left - room, top - room, right - left + 2 * room, bottom - top + 2 * room


def room_at(each: NamedShape, y: float) -> float:
    """Return how wide a region is at a height, around the point of its name; to the nearest edge, twice."""
    crossings = [
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for ring in each.rings
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (y1 > y) != (y2 > y)
    ]
    left = max((x for x in crossings if x <= each.x), default=None)
    right = min((x for x in crossings if x > each.x), default=None)
    if left is None or right is None:
        return 0.0
    return 2 * min(each.x - left, right - each.x)


def broken(name: str, longest: int) -> list[str]:
    """Return a name in short lines, broken at its spaces, slashes and dashes."""
    lines: list[str] = []
    for part in re.findall(r"[^\s/-]+[/-]?\s*", name):
        if lines and len(lines[-1] + part.rstrip()) <= longest:
            lines[-1] += part
        else:
            lines.append(part)
    return [each.rstrip() for each in lines]


def place_labels(shapes: Sequence[NamedShape]) -> list[Label]:
    """Return a label for each shape, in their order."""
    left, _top, width, _height = frame_of(shapes)
    # Only the west has a sea beside it for the names that do not fit.
    outside = [each for each in shapes if each.x < left + width / 2 and not _fits(each)]
    beside = _beside_the_coast(outside)
    return [beside.get(each.name) or _inside(each) for each in shapes]


def _inside_lines(each: NamedShape) -> list[tuple[float, str]]:
    lines = broken(each.name, _INSIDE_LINE)
    first = each.y - LINE_HEIGHT * (len(lines) - 1) / 2
    return [(first + row * LINE_HEIGHT, line) for row, line in enumerate(lines)]


def _fits(each: NamedShape) -> bool:
    return all(
        room_at(each, y) + 2 * _OVERREACH >= len(line) * LETTER_WIDTH for y, line in _inside_lines(each)
    )


def _inside(each: NamedShape) -> Label:
    lines = tuple((f"{each.x:.1f}", f"{y + 5:.1f}", line) for y, line in _inside_lines(each))
    return Label(*_number(each), lines)


def _number(each: NamedShape) -> tuple[str, str]:
    return f"{each.x:.1f}", f"{each.y + _NUMBER_DROP:.1f}"


def _beside_the_coast(shapes: Sequence[NamedShape]) -> dict[str, Label]:
    """Stack the names left of the westernmost of these shapes, from north to south."""
    if not shapes:
        return {}
    edge = min(x for each in shapes for ring in each.rings for x, _ in ring) - _GAP_TO_THE_COAST
    # What lies farther inland comes first, so that its line passes above the point of its neighbour.
    ordered = sorted(shapes, key=lambda each: each.y - each.x / 3)
    heights = [len(broken(each.name, _BESIDE_LINE)) * LINE_HEIGHT + _GAP_BETWEEN_LABELS for each in ordered]
    middle = sum(each.y for each in ordered) / len(ordered)
    # Not lower than the last region itself: there the coast may turn west again.
    top = min(middle - sum(heights) / 2, ordered[-1].y - sum(heights) + heights[-1] * 0.6)
    labels = {}
    for each, height in zip(ordered, heights, strict=True):
        labels[each.name] = _with_leader(each, edge, top, height)
        top += height
    return labels


def _with_leader(each: NamedShape, edge: float, top: float, height: float) -> Label:
    lines = broken(each.name, _BESIDE_LINE)
    middle = top + height / 2
    first = middle - LINE_HEIGHT * (len(lines) - 1) / 2 + 5
    return Label(
        *_number(each),
        lines=tuple(
            (f"{edge:.1f}", f"{first + row * LINE_HEIGHT:.1f}", line) for row, line in enumerate(lines)
        ),
        leader=f"M{edge + 6:.1f} {middle:.1f}L{edge + 18:.1f} {middle:.1f}L{each.x:.1f} {each.y:.1f}",
        dot=(f"{each.x:.1f}", f"{each.y:.1f}"),
    )
