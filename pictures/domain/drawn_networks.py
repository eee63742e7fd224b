"""Where everything of a picture of who works with whom stands: a circle, the same for the same network."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, degrees, pi, sin

from mapping.enums import TieKind
from pictures.domain.lettering import shortened, wrapped
from pictures.domain.networks import SHARED, Joined, Knot, Network

SIZE = 15
_ROOM = 24
_LABEL = 200
_LEAST_RADIUS = 110
_DOT = 7
_LINE = 17
# Up to as many names lie flat, in two lines; more stand along the beams of the circle.
MOST_FLAT = 12
# From one organisation to the other, and not back.
_ONE_WAY = frozenset({TieKind.PART_OF, TieKind.ADVISES, TieKind.SUPPORTS})


@dataclass(frozen=True)
class Look:
    """How lines of a kind look: colour alone would tell nothing. Style sheets have other colours for dark screens."""

    colour: str
    dash: str
    thickness: float


_LOOKS: dict[str, Look] = {
    TieKind.PART_OF.value: Look("#0b5360", "", 3.5),
    TieKind.WORKS_WITH.value: Look("#b3541e", "9 4", 2),
    TieKind.ADVISES.value: Look("#6a3d8f", "2 4", 2),
    TieKind.SUPPORTS.value: Look("#2e6b34", "12 4 2 4", 2),
    SHARED: Look("#6b7f86", "", 1.2),
}


@dataclass(frozen=True)
class Circle:
    """The circle on which organisations stand: its middle and its radius."""

    across: float
    down: float
    radius: float

    def place(self, angle: float, distance: float) -> tuple[float, float]:
        """Return what lies in a direction at a distance of the middle."""
        return self.across + distance * cos(angle), self.down + distance * sin(angle)


@dataclass(frozen=True)
class DrawnKnot:
    """An organisation with its dot, and the lines of its name: flat, or turned along the beam outwards."""

    knot: Knot
    x: float
    y: float
    lines: Sequence[tuple[float, float, str]]
    turn: float
    anchor: str


@dataclass(frozen=True)
class Stroke:
    """A line between two organisations, or the sample of a kind."""

    kind: str
    path: str
    look: Look
    # The point of an arrow: its place and direction, where the link goes one way.
    head: str = ""
    words: str = ""


@dataclass(frozen=True)
class DrawnNetwork:
    """A whole drawing, in units of its view box."""

    width: float
    height: float
    knots: Sequence[DrawnKnot]
    strokes: Sequence[Stroke]
    samples: Sequence[tuple[Stroke, str]]

    @property
    def dot(self) -> int:
        """Return the radius of the dot of an organisation."""
        return _DOT


def drawn(network: Network) -> DrawnNetwork:
    """Return the drawing of a network."""
    number = max(len(network.knots), 1)
    is_flat = number <= MOST_FLAT
    radius = max(_LEAST_RADIUS, _ROOM * number / (2 * pi), 13 * number if is_flat else 0)
    across = radius + _LABEL + _DOT + 8
    down = radius + 2 * _LINE if is_flat else across
    circle = Circle(across, down, radius)
    # Where there are two, they stand beside each other; nobody stands at the very top, where names would meet.
    angles = [2 * pi * (place + 0.5) / number - pi / 2 for place in range(number)]
    places = {knot.key: angle for knot, angle in zip(network.knots, angles, strict=False)}
    knots = [_knot(each, places[each.key], circle, is_flat=is_flat) for each in network.knots]
    passed: Counter[frozenset[str]] = Counter()
    strokes = []
    for each in network.joined:
        pair = frozenset({each.one.key, each.other.key})
        strokes.append(_stroke(each, places, circle, passed[pair]))
        passed[pair] += 1
    samples = [(Stroke(kind, "M2 8 H52", _LOOKS[kind]), label) for kind, label in network.kinds.items()]
    return DrawnNetwork(2 * across, 2 * down, knots, strokes, samples)


def _knot(knot: Knot, angle: float, circle: Circle, *, is_flat: bool) -> DrawnKnot:
    x, y = circle.place(angle, circle.radius)
    is_left = cos(angle) < -1e-9
    text_x = x + (-1 if is_left else 1) * (_DOT + 5)
    width = _LABEL - _DOT - 4
    lines = wrapped(knot.name, width, SIZE, most=2) if is_flat else [shortened(knot.name, width, SIZE)]
    first = y + SIZE * 0.35 - _LINE * (len(lines) - 1) / 2
    return DrawnKnot(
        knot=knot,
        x=x,
        y=y,
        lines=[(text_x, first + _LINE * number, line) for number, line in enumerate(lines)],
        turn=0 if is_flat else degrees(angle) + (180 if is_left else 0),
        anchor="end" if is_left else "start",
    )


def _stroke(joined: Joined, places: dict[str, float], circle: Circle, earlier: int) -> Stroke:
    x1, y1 = circle.place(places[joined.one.key], circle.radius - _DOT)
    x2, y2 = circle.place(places[joined.other.key], circle.radius - _DOT)
    # Bent towards the middle; each further link of the same two a little less.
    bend = 0.35 + 0.2 * earlier
    cx = circle.across + ((x1 + x2) / 2 - circle.across) * bend
    cy = circle.down + ((y1 + y2) / 2 - circle.down) * bend
    if abs(x1 + x2 - 2 * circle.across) + abs(y1 + y2 - 2 * circle.down) < 1:
        # Straight across the middle: each further one beside it.
        cy += 22 * earlier
    kind = joined.link.kind
    head = _head(cx, cy, x2, y2) if kind in _ONE_WAY else ""
    return Stroke(
        kind,
        f"M{x1:.1f} {y1:.1f} Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}",
        _LOOKS[kind],
        head,
        f"{joined.one.name} {joined.words} {joined.other.name}",
    )


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return the corners of the point of an arrow that ends at the second place."""
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 0.1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    corners = ((0, 0), (-11, 5), (-11, -5))
    return " ".join(
        f"{x2 + along * dx - aside * dy:.1f},{y2 + along * dy + aside * dx:.1f}" for along, aside in corners
    )
