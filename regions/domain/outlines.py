"""Drawing the regions by the official outlines of their municipalities."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from hubportal.audit.domain.events import record
from regions.domain.boundaries import RefusedBoundaries, read_boundaries
from regions.domain.labels import NamedShape, frame_of, place_labels
from regions.events import OUTLINES_DRAWN
from regions.models import Municipality, Region

# As the schematic drawing has it: style sheets set letters and lines for it.
_WIDTH, _MARGIN = 800, 8
# Metres: half a pixel of a map on a screen.
_TOLERANCE = 500
# Square kilometres: a smaller island or enclave cannot be seen.
_CRUMB = 3.0


@transaction.atomic(durable=True)
def import_boundaries(*, data: bytes, source: str, at: datetime) -> int:
    """Draw every region as the union of the official outlines of its municipalities; return how many regions there are. Idempotent.

    ``source`` is what the file is called. Raises ``RefusedBoundaries``, and changes nothing then.
    """
    municipalities = dict(Municipality.objects.values_list("code", "region__code"))
    if not municipalities:
        raise RefusedBoundaries("No municipality is known here: load the reference data first.")
    known = read_boundaries(data, municipalities)
    drawing = drawn(known, municipalities, dict(Region.objects.values_list("code", "name")))
    # One order of locks.
    regions = list(Region.objects.select_for_update().order_by("pk"))
    for region in regions:
        placed = drawing["regions"][region.code]
        region.shape, region.label, region.view_box = placed["path"], placed["label"], drawing["view_box"]
        region.outline_source = source
        region.save(update_fields=["shape", "label", "view_box", "outline_source"])
    record(OUTLINES_DRAWN, subject=regions[0], actor=None, at=at, facts={"regions": len(regions)})
    return len(regions)


def drawn(
    outlines: Mapping[str, BaseGeometry], municipalities: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    """Return the drawing of the regions: a view box, and of each by its code the path and where its name stands."""
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code, region in municipalities.items():
        parts[region].append(outlines[code])
    if lacking := sorted(set(names) - set(parts)):
        raise RefusedBoundaries(f"Regions without a municipality: {', '.join(lacking)}.")
    codes = sorted(parts)
    whole = [_without_crumbs(shapely.union_all(parts[code])) for code in codes]
    shapes = dict(zip(codes, shapely.coverage_simplify(whole, _TOLERANCE), strict=True))
    west, _south, east, north = shapely.total_bounds(list(shapes.values()))
    scale = (_WIDTH - 2 * _MARGIN) / (east - west)

    def placed(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * scale + _MARGIN, 1), round((north - y) * scale + _MARGIN, 1)

    named = {
        code: NamedShape(names[code], path_of(shape, placed), *placed(*_middle(shape)))
        for code, shape in shapes.items()
    }
    labels = place_labels(list(named.values()))
    return {
        "view_box": " ".join(str(round(each, 1)) for each in frame_of(named.values())),
        "regions": {
            code: {"path": each.shape, "label": asdict(label)}
            for (code, each), label in zip(named.items(), labels, strict=True)
        },
    }


def path_of(shape: BaseGeometry, placed: Any) -> str:
    """Return an area as a path of SVG, each place as ``placed`` puts it."""
    pieces = []
    for polygon in getattr(shape, "geoms", [shape]):
        for ring in (polygon.exterior, *polygon.interiors):
            corners = [placed(*corner) for corner in list(ring.coords)[:-1]]
            pieces.append("M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z")
    return "".join(pieces)


def _without_crumbs(shape: BaseGeometry) -> BaseGeometry:
    areas = list(getattr(shape, "geoms", [shape]))
    kept = [each for each in areas if each.area > _CRUMB * 1e6] or [max(areas, key=lambda each: each.area)]
    return shapely.MultiPolygon(kept) if len(kept) > 1 else kept[0]


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    largest = max(getattr(shape, "geoms", [shape]), key=lambda each: each.area)
    x, y = shapely.maximum_inscribed_circle(largest, tolerance=200).coords[0]
    return x, y
