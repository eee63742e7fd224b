"""The project's own reference files: whole, consistent, and drawn without overlap. Needs no database."""

import csv
import itertools
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import LinearRing, MultiPolygon, Point, Polygon

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"


def rows(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def drawing() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FIXTURES / "region_shapes.json").read_text(encoding="utf-8"))
    return content


def polygons_of(path: str) -> MultiPolygon:
    """Read a path of absolute moves and lines, each ring an area of its own: a hole makes the whole invalid."""
    rings = []
    for ring in re.findall(r"M([^MZ]+)Z", path):
        corners = [tuple(map(float, corner.split())) for corner in ring.split("L")]
        rings.append(LinearRing(corners))
    assert "".join(re.findall(r"M[^MZ]+Z", path)) == path
    return MultiPolygon([Polygon(ring) for ring in rings])


@pytest.fixture(scope="module")
def shapes() -> dict[str, MultiPolygon]:
    return {code: polygons_of(region["path"]) for code, region in drawing()["regions"].items()}


def test_there_are_31_regions_with_a_code_and_a_name_each():
    regions = rows("regions.csv")

    assert [each["code"] for each in regions] == [f"ZK{n:02}" for n in range(1, 34) if n not in (5, 15)]
    assert len({each["name"] for each in regions}) == 31


def test_each_of_the_342_municipalities_has_one_region():
    municipalities = rows("municipalities.csv")

    assert len({each["code"] for each in municipalities}) == len(municipalities) == 342
    assert {each["region_code"] for each in municipalities} == {each["code"] for each in rows("regions.csv")}


def test_each_region_has_the_municipalities_and_inhabitants_that_its_row_says():
    municipalities, inhabitants = Counter[str](), Counter[str]()
    for each in rows("municipalities.csv"):
        municipalities[each["region_code"]] += 1
        inhabitants[each["region_code"]] += int(each["population_2021"])

    for region in rows("regions.csv"):
        assert municipalities[region["code"]] == int(region["municipalities"]), region["name"]
        assert inhabitants[region["code"]] == int(region["population_2021"]), region["name"]
    assert inhabitants.total() == 17_475_415


def test_each_postcode_range_runs_upward_and_lies_in_a_known_municipality():
    known = {each["code"] for each in rows("municipalities.csv")}
    ranges = rows("postcode_ranges.csv")

    assert len(ranges) == 728
    for each in ranges:
        assert 1000 <= int(each["pc4_from"]) <= int(each["pc4_to"]) <= 9999, each
        assert each["is_primary"] in {"0", "1"}, each
    assert {each["municipality_code"] for each in ranges} == known


def test_a_postcode_has_one_primary_municipality_at_the_most():
    primary = Counter(
        postcode
        for each in rows("postcode_ranges.csv")
        if each["is_primary"] == "1"
        for postcode in range(int(each["pc4_from"]), int(each["pc4_to"]) + 1)
    )

    assert [postcode for postcode, times in primary.items() if times > 1] == []


def test_each_region_has_a_shape_without_holes_inside_the_view_box(shapes):
    left, top, width, height = drawing()["view_box"]
    frame = shapely.box(left, top, left + width, top + height)

    assert list(shapes) == [each["code"] for each in rows("regions.csv")]
    for code, shape in shapes.items():
        assert shape.is_valid, code
        assert frame.contains(shape), code


def test_each_point_lies_in_its_region(shapes):
    for code, region in drawing()["regions"].items():
        assert shapes[code].contains(Point(region["point"])), code


def test_each_municipality_lies_in_the_shape_of_its_own_region_only(shapes):
    projection = drawing()["projection"]
    for each in rows("municipalities.csv"):
        place = Point(
            (float(each["label_lon"]) - projection["west"]) * projection["x_per_degree"],
            (projection["north"] - float(each["label_lat"])) * projection["y_per_degree"],
        )
        around = [code for code, shape in shapes.items() if shape.contains(place)]
        assert around == [each["region_code"]], each["name"]


def test_shapes_neither_overlap_nor_leave_gaps_between_neighbours(shapes):
    for (one, first), (other, second) in itertools.combinations(shapes.items(), 2):
        assert first.intersection(second).area == 0, (one, other)

    whole = shapely.union_all(list(shapes.values()))
    # The Wadden islands are five, the rest hangs together.
    assert len(whole.geoms) == 6
    assert [hole for part in whole.geoms for hole in part.interiors] == []


def test_the_file_of_shapes_is_small_enough_to_stand_in_a_page():
    assert (FIXTURES / "region_shapes.json").stat().st_size < 60_000


def test_the_file_of_shapes_is_what_its_script_writes():
    check = subprocess.run(
        [sys.executable, "-m", "script.region_shapes", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (check.stdout, check.returncode) == ("region shapes are fresh\n", 0)
