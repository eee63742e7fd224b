"""Loading the reference files into rows."""

import csv
import json

import pytest
from django.conf import settings

from regions.domain.loading import load_regions
from regions.models import PostcodeRange, Region

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"


def test_regions_are_loaded_with_their_shapes_and_the_places_of_their_names() -> None:
    load_regions(FIXTURES)
    drawing = json.loads((FIXTURES / "region_shapes.json").read_text(encoding="utf-8"))
    drawn = drawing["regions"]["ZK01"]
    amstelland = Region.objects.get(code="ZK01")
    assert (amstelland.shape, amstelland.label) == (drawn["path"], drawn["label"])
    assert [line for _x, _y, line in amstelland.label["lines"]] == ["Amstelland en De", "Meerlanden"]
    assert set(Region.objects.values_list("view_box", flat=True)) == {"-3.8 -3.8 807.5 949.0"}


def test_postcodes_are_loaded_with_the_municipality_that_is_meant_first() -> None:
    load_regions(FIXTURES)
    shared = PostcodeRange.objects.filter(is_primary=False).order_by("first", "municipality__code")
    with (FIXTURES / "postcode_ranges.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            (int(each["pc4_from"]), each["municipality_code"])
            for each in csv.DictReader(file)
            if each["is_primary"] == "0"
        ]
    assert rows
    assert list(shared.values_list("first", "municipality__code")) == sorted(rows)


def test_loading_again_is_idempotent() -> None:
    assert load_regions(FIXTURES) == load_regions(FIXTURES)
    assert Region.objects.count() == 31
