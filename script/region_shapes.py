"""Compute the schematic shapes of the regions from the label points of their municipalities.

``python script/region_shapes.py`` writes fixtures/region_shapes.json; with ``--check`` it fails when that
file is not what it would write. Needs shapely, a development dependency; nothing of it is needed to run.

Method: the Voronoi cells of the label points, dissolved per region, clipped by the union of discs around
the points (the further the neighbours, the larger the disc), smoothed and simplified as one coverage so
that neighbours keep a common border.
"""

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPoint, Point, Polygon, unary_union
from shapely.geometry.base import BaseGeometry

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TARGET = FIXTURES / "region_shapes.json"

KILOMETRES_PER_DEGREE = 111.2
MIDDLE_LATITUDE = 52.2
# Kilometres, as found by trying: smaller discs fall apart in the north, larger ones fill the sea.
SHARE_OF_DISTANCE = 0.8
NEIGHBOUR = 4
SMALLEST, LARGEST = 5.0, 14.0
SMOOTHING = 3.0
TOLERANCE = 0.9
# Parts smaller than this are crumbs of the clipping, in square kilometres.
SMALLEST_PART = 12.0
WIDTH = 800
MARGIN = 8


def municipalities() -> list[dict[str, str]]:
    """Return the rows of the municipalities."""
    with (FIXTURES / "municipalities.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def projected(row: dict[str, str]) -> Point:
    """Return a label point in kilometres, east and north of nowhere in particular."""
    east = float(row["label_lon"]) * KILOMETRES_PER_DEGREE * math.cos(math.radians(MIDDLE_LATITUDE))
    return Point(east, float(row["label_lat"]) * KILOMETRES_PER_DEGREE)


def land(points: list[Point]) -> BaseGeometry:
    """Return a smooth outline around all points."""
    discs = []
    for point in points:
        distances = sorted(point.distance(other) for other in points)
        radius = min(max(SHARE_OF_DISTANCE * distances[NEIGHBOUR], SMALLEST), LARGEST)
        discs.append(point.buffer(radius, quad_segs=16))
    outline = unary_union(discs)
    return outline.buffer(SMOOTHING).buffer(-2 * SMOOTHING).buffer(SMOOTHING)


def regions(rows: list[dict[str, str]]) -> dict[str, BaseGeometry]:
    """Return a shape for each region code, in kilometres."""
    points = [projected(row) for row in rows]
    outline = land(points)
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline.envelope.buffer(50), ordered=True)
    codes = sorted({row["region_code"] for row in rows})
    shapes = []
    for code in codes:
        own = [cell for row, cell in zip(rows, cells.geoms, strict=True) if row["region_code"] == code]
        inside = [point for row, point in zip(rows, points, strict=True) if row["region_code"] == code]
        shapes.append(_without_crumbs(unary_union(own).intersection(outline), inside))
    return dict(zip(codes, shapely.coverage_simplify(shapes, TOLERANCE), strict=True))


def _without_crumbs(shape: BaseGeometry, points: list[Point]) -> BaseGeometry:
    parts = list(getattr(shape, "geoms", [shape]))
    kept = [each for each in parts if each.area >= SMALLEST_PART or any(each.covers(point) for point in points)]
    return unary_union(kept)


def as_data() -> dict[str, Any]:
    """Return the file's content: a view box, and a path and a label point for each region."""
    shapes = regions(municipalities())
    west, south, east, north = unary_union(list(shapes.values())).bounds
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    height = round((north - south) * scale) + 2 * MARGIN

    def placed(x: float, y: float) -> tuple[float, float]:
        return round(MARGIN + (x - west) * scale, 1), round(MARGIN + (north - y) * scale, 1)

    return {
        "note": "Schematic shapes, computed by script/region_shapes.py; not official outlines.",
        "view_box": [0, 0, WIDTH, height],
        "regions": {
            code: {"path": _path(shape, placed), "label": list(placed(*_label(shape).coords[0]))}
            for code, shape in shapes.items()
        },
    }


def _label(shape: BaseGeometry) -> Point:
    largest: Polygon = max(getattr(shape, "geoms", [shape]), key=lambda each: each.area)
    return shapely.maximum_inscribed_circle(largest, tolerance=0.2).interpolate(0)


def _path(shape: BaseGeometry, placed: Any) -> str:
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
            print("fixtures/region_shapes.json is stale: run script/region_shapes.py")
            return 1
        print("region shapes are fresh")
        return 0
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
