"""Where the names stand on the map."""

from itertools import pairwise

import pytest

from regions.domain.labels import NamedShape, broken, frame_of, place_labels, rings_of, room_at


def square(name: str, left: float, top: float, side: float) -> NamedShape:
    right, bottom = left + side, top + side
    shape = f"M{left} {top}L{right} {top}L{right} {bottom}L{left} {bottom}Z"
    return NamedShape(name, shape, left + side / 2, top + side / 2)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Twente", ["Twente"]),
        ("'t Gooi", ["'t Gooi"]),
        ("Noord- en Midden-Limburg", ["Noord- en", "Midden-", "Limburg"]),
        ("Apeldoorn/Zutphen", ["Apeldoorn/", "Zutphen"]),
        ("Amstelland en De Meerlanden", ["Amstelland", "en De", "Meerlanden"]),
        ("", []),
    ],
)
def test_name_is_broken_where_one_may_break_it(name: str, lines: list[str]) -> None:
    assert broken(name, 11) == lines


def test_shape_of_several_islands_has_as_many_rings() -> None:
    assert rings_of("M0 0L1.5 0L1 1ZM5 5L6,5L6 6Z") == (
        ((0.0, 0.0), (1.5, 0.0), (1.0, 1.0)),
        ((5.0, 5.0), (6.0, 5.0), (6.0, 6.0)),
    )


def test_frame_leaves_room_around_all_shapes() -> None:
    assert frame_of([square("a", 0, 0, 100), square("b", 100, 50, 100)]) == (-3.0, -3.0, 206.0, 156.0)


def test_frame_of_nothing_is_still_a_frame() -> None:
    assert frame_of([]) == (-0.015, -0.015, 1.03, 1.03)


def test_room_is_measured_around_the_point_of_the_name() -> None:
    assert (room_at(square("a", 0, 0, 100), 50), room_at(square("a", 0, 0, 100), 500)) == (100, 0)


def test_name_that_fits_stands_inside_and_one_that_does_not_beside_the_coast() -> None:
    wide, narrow, east = (
        square("Ruim", 300, 0, 300),
        square("Heel smal", 100, 100, 20),
        square("Oost", 580, 0, 20),
    )
    labels = place_labels([wide, narrow, east])
    assert [bool(label.leader) for label in labels] == [False, True, False]
    assert (labels[1].dot, labels[1].lines[0][0], labels[0].dot) == (("110.0", "110.0"), "74.0", ("", ""))


def test_number_stands_a_little_below_the_point_of_its_name() -> None:
    assert [(label.x, label.y) for label in place_labels([square("Ruim", 300, 0, 300)])] == [
        ("450.0", "160.0")
    ]


def test_names_beside_the_coast_never_overlap() -> None:
    labels = place_labels(
        [square(f"Dorp {each}", 10, 100 + each, 5) for each in range(8)] + [square("", 900, 0, 9)]
    )
    heights = sorted(float(y) for label in labels if label.leader for _x, y, _line in label.lines)
    assert len(heights) == 8
    assert all(below - above >= 19 for above, below in pairwise(heights))
