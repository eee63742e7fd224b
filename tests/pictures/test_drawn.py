"""Drawings: everything inside the frame, names that fit, nothing over something else."""

import itertools

import pytest

from mapping.enums import TieKind
from pictures.domain import drawn_grids, drawn_networks
from pictures.domain.grids import Cell, Grid, Row, shade_of
from pictures.domain.lettering import shortened, width_of, wrapped
from pictures.domain.networks import Joined, Knot, Link, Network

LONG = "Stichting Belangenbehartiging Medezeggenschap Midden-Nederland en omstreken"


def network(number: int, name: str = LONG) -> Network:
    knots = [Knot(str(each), f"{name} {each}") for each in range(number)]
    joined = [
        Joined(Link(one.key, other.key, kind), one, other, "adviseert")
        for one, other in itertools.pairwise(knots)
        for kind in (TieKind.ADVISES.value, TieKind.WORKS_WITH.value)
    ]
    return Network("Titel", [], ["A", "B", "C"], knots, joined, {"advises": "adviseert"})


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 12, 13, 48])
def test_circle_and_its_names_lie_inside_the_frame_and_names_apart(number: int) -> None:
    drawing = drawn_networks.drawn(network(number))
    assert drawing == drawn_networks.drawn(network(number))
    for knot in drawing.knots:
        assert 0 < knot.x < drawing.width
        assert 0 < knot.y < drawing.height
        for x, _y, line in knot.lines:
            room = width_of(line, drawn_networks.SIZE)
            reach = x - room if knot.anchor == "end" else x + room
            assert 0 <= reach <= drawing.width, line
    for side in ("start", "end"):
        middles = sorted(each.y for each in drawing.knots if each.anchor == side and not each.turn)
        assert all(lower - upper > 17 for upper, lower in itertools.pairwise(middles))


def test_each_link_of_the_same_two_has_a_line_of_its_own() -> None:
    for number in (2, 5):
        paths = [each.path for each in drawn_networks.drawn(network(number)).strokes]
        assert len(set(paths)) == len(paths) == 2 * (number - 1)


def test_only_links_that_go_one_way_have_a_point() -> None:
    strokes = drawn_networks.drawn(network(3)).strokes
    assert {each.kind: bool(each.head) for each in strokes} == {"advises": True, "works_with": False}


def test_cells_stand_under_their_headings_and_long_names_are_shortened() -> None:
    cells = [Cell("1", "een", 1), Cell("12 (3)", "twaalf", 4)]
    grid = Grid("Titel", [], "Gemeente", ["Kort", LONG], [Row(LONG, cells), Row("Aa", cells)])
    drawing = drawn_grids.drawn(grid)
    first, second = drawing.rows
    assert second.cells[0].y >= first.cells[0].y + first.cells[0].height
    heads = {line.x for line in drawing.heads}
    assert heads == {each.middle[0] for each in first.cells}
    assert [len(each.lines) for each in drawing.rows] == [3, 1]
    assert first.lines[-1].text.endswith("…")
    assert max(each.x + each.width for each in first.cells) <= drawing.width
    assert second.cells[0].y + second.cells[0].height <= drawing.height


def test_text_is_wrapped_and_shortened_to_a_width() -> None:
    assert wrapped("een twee drie", 50, 15, most=3) == ["een", "twee", "drie"]
    assert shortened("een twee drie", 60, 15) == "een tw…"
    assert shortened("een", 60, 15) == "een"
    assert [shade_of(number) for number in (0, 1, 2, 3, 4, 9, 10, 999)] == [0, 1, 2, 2, 3, 3, 4, 4]
