"""Loading regions, municipalities, postcodes and shapes from the project's own files."""

import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.db import transaction

from regions.domain.place_names import keep_place_names, names_in, names_of_areas
from regions.models import Municipality, PostcodeRange, Region
from regions.names import region_slug, sort_name


@transaction.atomic(durable=True)
def load_regions(folder: Path) -> dict[str, int]:
    """Load the reference files of a folder, any number of times, and return how many rows there are of each."""
    drawing = json.loads((folder / "region_shapes.json").read_text(encoding="utf-8"))
    view_box = " ".join(map(str, drawing["view_box"]))
    # Official outlines stay.
    official = set(Region.objects.exclude(outline_source="").values_list("code", flat=True))
    for row in _rows(folder / "regions.csv"):
        drawn = drawing["regions"][row["code"]]
        shape = {"shape": drawn["path"], "label": drawn["label"], "view_box": view_box}
        Region.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "sort_name": sort_name(row["name"]),
                "slug": region_slug(row["name"]),
                "population_2021": int(row["population_2021"]),
                **({} if row["code"] in official else shape),
            },
        )
    _load_municipalities(folder)
    _load_postcodes(folder)
    names = keep_place_names(chain(names_of_areas(), names_in(folder)))
    return {
        "regions": Region.objects.count(),
        "municipalities": Municipality.objects.count(),
        "postcode ranges": PostcodeRange.objects.count(),
        "names of places": names,
    }


def _load_municipalities(folder: Path) -> None:
    regions = {each.code: each for each in Region.objects.all()}
    Municipality.objects.bulk_create(
        (
            Municipality(
                code=row["code"],
                name=row["name"],
                sort_name=sort_name(row["name"]),
                region=regions[row["region_code"]],
                population_2021=int(row["population_2021"]),
            )
            for row in _rows(folder / "municipalities.csv")
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "sort_name", "region", "population_2021"],
    )


def _load_postcodes(folder: Path) -> None:
    municipalities = {each.code: each for each in Municipality.objects.all()}
    PostcodeRange.objects.bulk_create(
        (
            PostcodeRange(
                first=int(row["pc4_from"]),
                last=int(row["pc4_to"]),
                municipality=municipalities[row["municipality_code"]],
                is_primary=row["is_primary"] == "1",
            )
            for row in _rows(folder / "postcode_ranges.csv")
        ),
        update_conflicts=True,
        unique_fields=["first", "last", "municipality"],
        update_fields=["is_primary"],
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
