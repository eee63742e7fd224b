"""Keeping the names by which regions are found."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hubportal.kernel.row_counts import count_rows_anew
from regions.enums import PlaceKind
from regions.models import Municipality, PlaceKey, PlaceName, Region
from regions.names import keys_of


@dataclass(frozen=True)
class Named:
    """A name, what it is the name of, and where that lies: in a municipality, or over a region."""

    name: str
    kind: PlaceKind
    stands_for: str
    municipality_id: int | None
    region_id: int


def keep_place_names(wanted: Iterable[Named]) -> int:
    """Let the names be these and no others, with their keys, and return how many there are. Idempotent.

    Within the act that loads the places.
    """
    names = set(wanted)
    there = {
        Named(each.name, PlaceKind(each.kind), each.stands_for, each.municipality_id, each.region_id): each.pk
        for each in PlaceName.objects.order_by()
    }
    PlaceName.objects.filter(pk__in=[pk for each, pk in there.items() if each not in names]).delete()
    added = PlaceName.objects.bulk_create(
        PlaceName(
            name=each.name,
            kind=each.kind,
            stands_for=each.stands_for,
            municipality_id=each.municipality_id,
            region_id=each.region_id,
        )
        for each in sorted(names - there.keys(), key=lambda named: (named.name, named.kind, named.region_id))
    )
    PlaceKey.objects.bulk_create(
        PlaceKey(place_name=each, key=key, is_whole=is_whole)
        for each in added
        for key, is_whole in keys_of(each.name).items()
    )
    if added:
        count_rows_anew(PlaceName, PlaceKey)
    return len(names)


def names_of_areas() -> Iterator[Named]:
    """Yield the names of the regions and municipalities that are there."""
    for region in Region.objects.order_by("pk"):
        yield Named(region.name, PlaceKind.REGION, "", None, region.pk)
    for each in Municipality.objects.order_by("pk"):
        yield Named(each.name, PlaceKind.MUNICIPALITY, "", each.pk, each.region_id)


def names_in(folder: Path) -> Iterator[Named]:
    """Yield the names that the reference files of a folder have, beside those of regions and municipalities."""
    municipalities = {each.code: each for each in Municipality.objects.all()}
    regions = {each.code: each.pk for each in Region.objects.all()}
    for row in _rows(folder / "places.csv"):
        yield _in(municipalities[row["municipality_code"]], row["name"], PlaceKind.PLACE)
    for row in _rows(folder / "old_municipalities.csv"):
        for code in row["municipality_codes"].split("|"):
            there = municipalities[code]
            yield _in(there, row["name"], PlaceKind.FORMER, stands_for=there.name)
    for row in _rows(folder / "aliases.csv"):
        for code in row["municipality_codes"].split("|"):
            yield _in(municipalities[code], row["alias"], PlaceKind.OTHER, stands_for=row["target"])
    for row in _rows(folder / "provinces.csv"):
        for name in filter(None, [row["name"], *row["other_names"].split("|")]):
            stands_for = "" if name == row["name"] else row["name"]
            for code in row["region_codes"].split("|"):
                yield Named(name, PlaceKind.PROVINCE, stands_for, None, regions[code])


def _in(municipality: Municipality, name: str, kind: PlaceKind, *, stands_for: str = "") -> Named:
    return Named(name, kind, stands_for, municipality.pk, municipality.region_id)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
