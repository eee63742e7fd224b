"""Compute the schematic map: shapes of the regions from the label points of their municipalities, and their names.

``python -m script.region_shapes`` writes fixtures/region_shapes.json; with ``--check`` it fails when that
file is not what it would write. Needs shapely, a development dependency; nothing of it is needed to run.

Method: the Voronoi cells of the label points, dissolved per region, clipped by the union of discs around
the points (the further the neighbours, the larger the disc), smoothed and simplified as one coverage so
that neighbours keep a common border. A point says nothing about water, so the islands and the large waters
are strokes of a broad pen, sketched by hand. No official outline is used.
"""

import csv
import json
import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import shapely
from shapely import LineString, MultiPoint, Point, Polygon, unary_union
from shapely.geometry.base import BaseGeometry

from regions.domain.labels import NamedShape, frame_of, place_labels

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TARGET = FIXTURES / "region_shapes.json"

KILOMETRES_PER_DEGREE = 111.32
MIDDLE_LATITUDE = 52.2
# Kilometres, as found by trying: smaller discs fall apart in the north, larger ones fill the sea.
SHARE_OF_DISTANCE = 0.8
NEIGHBOUR = 4
SMALLEST, LARGEST = 5.0, 9.5
# Gaps narrower than twice this are land; then bumps narrower than twice the other are rounded off.
CLOSING, ROUNDING = 6.5, 2.0
# Water between an island and the mainland at the least.
CHANNEL = 1.6
TOLERANCE = 0.7
WIDTH = 800
MARGIN = 8

# Half its breadth in kilometres, then its points as latitude and longitude.
Stroke = tuple[float, list[tuple[float, float]]]

# Islands, by the code of their municipality; drawn somewhat larger than they are, to be seen and pressed.
ISLANDS: dict[str, Stroke] = {
    "GM0448": (4.6, [(53.04, 4.77), (53.13, 4.85)]),  # Texel
    "GM0096": (3.2, [(53.24, 4.93), (53.29, 5.04)]),  # Vlieland
    "GM0093": (3.6, [(53.37, 5.23), (53.43, 5.50)]),  # Terschelling
    "GM0060": (3.4, [(53.45, 5.67), (53.46, 5.90)]),  # Ameland
    "GM0088": (3.4, [(53.48, 6.15), (53.49, 6.27)]),  # Schiermonnikoog
}
WATERS: list[Stroke] = [
    (9.0, [(52.95, 5.10), (52.80, 5.35)]),  # IJsselmeer, north
    (5.0, [(52.80, 5.35), (52.62, 5.42)]),  # IJsselmeer, south
    (5.5, [(52.58, 5.20), (52.45, 5.17)]),  # Markermeer
    (2.2, [(51.42, 3.35), (51.37, 3.70), (51.385, 3.95), (51.37, 4.15)]),  # Westerschelde
    (1.9, [(51.62, 3.55), (51.615, 3.85), (51.53, 4.02), (51.50, 4.12)]),  # Oosterschelde
    (1.2, [(51.77, 3.75), (51.72, 4.00), (51.66, 4.13)]),  # Grevelingen
    (1.2, [(51.87, 3.90), (51.80, 4.15), (51.73, 4.30)]),  # Haringvliet
]


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a reference file."""
    with (FIXTURES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def projected(latitude: float, longitude: float) -> Point:
    """Return a place in kilometres, east and north of nowhere in particular."""
    east = longitude * KILOMETRES_PER_DEGREE * math.cos(math.radians(MIDDLE_LATITUDE))
    return Point(east, latitude * KILOMETRES_PER_DEGREE)


def label_point(row: dict[str, str]) -> Point:
    """Return the label point of a municipality, in kilometres."""
    return projected(float(row["label_lat"]), float(row["label_lon"]))


def union(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return shapes as one."""
    joined: BaseGeometry = unary_union(list(shapes))
    return joined


def widened(shape: BaseGeometry, kilometres: float) -> BaseGeometry:
    """Return a shape with a margin around it, or without its edge when the margin is negative."""
    result: BaseGeometry = shape.buffer(kilometres, quad_segs=8)
    return result


def stroke(drawn: Stroke) -> BaseGeometry:
    """Return a stroke as a shape with round ends, in kilometres."""
    breadth, places = drawn
    return widened(LineString([projected(*each) for each in places]), breadth)


def mainland(points: list[Point]) -> BaseGeometry:
    """Return a smooth outline around all points, without the waters and the sea around the islands."""
    discs = []
    for point in points:
        distances = sorted(point.distance(other) for other in points)
        radius = min(max(SHARE_OF_DISTANCE * distances[NEIGHBOUR], SMALLEST), LARGEST)
        discs.append(widened(point, radius))
    filled = widened(widened(union(discs), CLOSING), -CLOSING - ROUNDING)
    sea = widened(union(map(stroke, ISLANDS.values())), CHANNEL)
    carved = widened(filled, ROUNDING).difference(union([sea, *map(stroke, WATERS)]))
    return widened(widened(carved, -CHANNEL / 2), CHANNEL / 2)


def regions(rows: list[dict[str, str]]) -> dict[str, BaseGeometry]:
    """Return a shape for each region code, in kilometres."""
    ashore = [row for row in rows if row["code"] not in ISLANDS]
    points = [label_point(row) for row in ashore]
    outline = mainland(points)
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline.envelope.buffer(50), ordered=True)
    codes = sorted({row["region_code"] for row in rows})
    shapes = []
    for code in codes:
        own = [cell for row, cell in zip(ashore, cells.geoms, strict=True) if row["region_code"] == code]
        inside = [point for row, point in zip(ashore, points, strict=True) if row["region_code"] == code]
        islands = [
            stroke(ISLANDS[row["code"]]) for row in rows if row["region_code"] == code and row not in ashore
        ]
        land = _without_crumbs(union(own).intersection(outline), inside)
        shapes.append(unary_union([land, *islands]))
    return dict(zip(codes, shapely.coverage_simplify(shapes, TOLERANCE), strict=True))


def _without_crumbs(shape: BaseGeometry, points: list[Point]) -> BaseGeometry:
    parts = getattr(shape, "geoms", [shape])
    return union(each for each in parts if any(each.covers(point) for point in points))


def as_data() -> dict[str, Any]:
    """Return the file's content: a view box, and a path, a point and a label for each region."""
    shapes = regions(rows_of("municipalities.csv"))
    west, _south, east, north = union(shapes.values()).bounds
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    left, top = west - MARGIN / scale, north + MARGIN / scale
    per_degree = projected(1, 1)

    def placed(x: float, y: float) -> tuple[float, float]:
        return round((x - left) * scale, 1), round((top - y) * scale, 1)

    names = {row["code"]: row["name"] for row in rows_of("regions.csv")}
    named = {
        code: NamedShape(names[code], _path(shape, placed), *placed(*_middle(shape).coords[0]))
        for code, shape in shapes.items()
    }
    labels = place_labels(list(named.values()))
    return {
        "note": "Schematic shapes, computed by script/region_shapes.py; not official outlines.",
        "view_box": [round(each, 1) for each in frame_of(named.values())],
        # Where a place lies: (longitude - west) * x_per_degree, (north - latitude) * y_per_degree.
        "projection": {
            "west": round(left / per_degree.x, 5),
            "north": round(top / per_degree.y, 5),
            "x_per_degree": round(per_degree.x * scale, 3),
            "y_per_degree": round(per_degree.y * scale, 3),
        },
        "regions": {
            code: {"path": each.shape, "point": [each.x, each.y], "label": asdict(label)}
            for (code, each), label in zip(named.items(), labels, strict=True)
        },
    }


def _middle(shape: BaseGeometry) -> Point:
    largest: Polygon = max(getattr(shape, "geoms", [shape]), key=lambda each: each.area)
    radius: LineString = shapely.maximum_inscribed_circle(largest, tolerance=0.2)
    return Point(radius.coords[0])


def _path(shape: BaseGeometry, placed: Callable[[float, float], tuple[float, float]]) -> str:
    pieces = []
    for polygon in getattr(shape, "geoms", [shape]):
        for ring in (polygon.exterior, *polygon.interiors):
            corners = [placed(*corner) for corner in list(ring.coords)[:-1]]
            pieces.append("M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z")
    return "".join(pieces)


def main() -> int:
    """Write the file, or check that it is fresh."""
    text = json.dumps(as_data(), indent=1, ensure_ascii=False) + "\n"
    if "--check" in sys.argv:
        if TARGET.read_text(encoding="utf-8") != text:
            print("fixtures/region_shapes.json is stale: run python -m script.region_shapes")
            return 1
        print("region shapes are fresh")
        return 0
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
