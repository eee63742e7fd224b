"""Official outlines of municipalities: what a file of them says, and whether it can be drawn. In metres of the national grid (RD New)."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from regions.domain.grid import rd_of

# Of the European part of the country, sea included: west, south, east and north.
_DEGREES = (3.0, 50.6, 7.4, 53.8)
_METRES = (-10_000, 300_000, 290_000, 640_000)
_CODES = ("statcode", "gemeentecode", "gm_code", "code", "identificatie", "id")
_RD, _WGS84 = re.compile(r"28992\b"), re.compile(r"CRS84|4326\b")
_MOST_NAMED = 8
# Of the land: neighbours that lie over each other by more are no outlines of municipalities.
_MOST_OVERLAP = 0.005
# Of its land: so much of an outline may change where a loop or a line is taken out of it.
_MOST_MENDED = 0.001


class RefusedBoundaries(Exception):  # noqa: N818 -- it names what the file is
    """A file of outlines that is not taken, with all that is wrong with it, each a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = list(reasons)


def read_boundaries(data: bytes, codes: Collection[str]) -> dict[str, BaseGeometry]:
    """Return the outline of each municipality by its code, from GeoJSON in WGS84 or RD New. Raises ``RefusedBoundaries``.

    ``codes`` are those of all municipalities that the portal knows.
    """
    try:
        content: Any = json.loads(data)
        features = list(content["features"])
    except (ValueError, TypeError, KeyError, RecursionError) as unreadable:
        raise RefusedBoundaries("This is no GeoJSON with features.") from unreadable
    is_rd = _is_rd(content, features)
    known: dict[str, BaseGeometry] = {}
    wrong: list[str] = []
    for number, feature in enumerate(features, start=1):
        code = _code_of(feature)
        if not code:
            wrong.append(f"Feature {number} has no code of a municipality, such as GM0363.")
        elif code in known:
            wrong.append(f"{code} stands in it twice.")
        else:
            outline, reasons = _outline(code, feature, is_rd=is_rd)
            wrong.extend(reasons)
            known[code] = outline
    wrong.extend(_differences(set(known), set(codes)))
    if not wrong:
        wrong.extend(_overlaps(known))
    if wrong:
        raise RefusedBoundaries(*wrong)
    return known


def _is_rd(content: Any, features: list[Any]) -> bool:
    """Tell whether coordinates are of the national grid: as the file says, else as its first place shows (RFC 7946)."""
    said = json.dumps(content.get("crs") or "")
    if _RD.search(said):
        return True
    if content.get("crs") and not _WGS84.search(said):
        raise RefusedBoundaries("Its coordinates are neither WGS84 nor RD New (EPSG:28992).")
    first = next(_places(features), (0.0, 0.0))
    return not content.get("crs") and abs(first[0]) > 360


def _places(features: list[Any]) -> Iterator[tuple[float, float]]:
    """Yield the first place of each feature that has one."""
    for feature in features:
        found: Any = feature.get("geometry") if isinstance(feature, dict) else None
        found = (found or {}).get("coordinates") if isinstance(found, dict) else None
        while isinstance(found, list) and found and isinstance(found[0], list):
            found = found[0]
        if (
            isinstance(found, list)
            and len(found) > 1
            and all(isinstance(each, int | float) for each in found)
        ):
            yield found[0], found[1]


def _code_of(feature: Any) -> str:
    if not isinstance(feature, dict):
        return ""
    told = feature.get("properties")
    given = {"id": feature.get("id"), **(told if isinstance(told, dict) else {})}
    lower = {str(name).lower(): str(value) for name, value in given.items()}
    for name in _CODES:
        if found := re.fullmatch(r"(?:GM)?(\d{4})", lower.get(name, "").strip()):
            return f"GM{found[1]}"
    return ""


def _outline(code: str, feature: Any, *, is_rd: bool) -> tuple[BaseGeometry, list[str]]:
    """Return an outline in metres, and what is wrong with it."""
    nothing = shapely.Polygon()
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return nothing, [f"{code} is no area (Polygon or MultiPolygon)."]
    try:
        areas = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        if any(len(ring) < 4 or ring[0] != ring[-1] for area in areas for ring in area):
            return nothing, [f"{code} has a line that is not closed."]
        outline: BaseGeometry = shape_of(geometry)
    except (ValueError, TypeError, IndexError, KeyError, shapely.errors.ShapelyError):
        return nothing, [f"{code} has coordinates that cannot be read."]
    west, south, east, north = outline.bounds or (0, 0, 0, 0)
    least, lowest, most, highest = _METRES if is_rd else _DEGREES
    if not (least <= west <= east <= most and lowest <= south <= north <= highest):
        grid = "RD New" if is_rd else "WGS84 (longitude first)"
        return nothing, [f"{code} lies outside the Netherlands, read as {grid}."]
    if not outline.is_valid:
        reason = shapely.is_valid_reason(outline)
        outline = _mended(outline)
        if outline.is_empty:
            return nothing, [f"{code} is no sound area: {reason}."]
    return (outline if is_rd else shapely.transform(outline, rd_of)), []


def _mended(outline: BaseGeometry) -> BaseGeometry:
    """Return an outline without what generalising left of islands and corners: lines and loops of hardly any land; else nothing."""
    mended = shapely.make_valid(outline)
    areas = [each for each in shapely.get_parts(mended) if each.geom_type == "Polygon"]
    areas += [
        each
        for part in shapely.get_parts(mended)
        for each in getattr(part, "geoms", ())
        if each.geom_type == "Polygon"
    ]
    sound = shapely.union_all(areas)
    is_as_it_was = abs(sound.area - outline.area) <= _MOST_MENDED * sound.area
    return sound if is_as_it_was else shapely.Polygon()


def _differences(found: set[str], codes: set[str]) -> Iterator[str]:
    for keys, words in ((found - codes, "Unknown here"), (codes - found, "Missing")):
        if keys:
            named = ", ".join(sorted(keys)[:_MOST_NAMED])
            yield f"{words}: {named}{' and more' if len(keys) > _MOST_NAMED else ''} ({len(keys)})."


def _overlaps(known: dict[str, BaseGeometry]) -> Iterator[str]:
    apart, together = sum(each.area for each in known.values()), shapely.union_all(list(known.values())).area
    if apart - together > _MOST_OVERLAP * together:
        yield "Municipalities lie over each other."
