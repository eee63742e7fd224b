"""Every real name finds its region, and none leads elsewhere: places, dissolved municipalities, other names, typing errors."""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from regions.domain.loading import load_regions
from regions.finding import find_regions
from regions.models import Municipality, PlaceKey, PlaceName
from regions.names import keys_of, search_key
from tests.breaking import kept_for_a_module

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
ERRORS = 300


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FIXTURES / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def names() -> dict[str, set[str]]:
    """Return of each name, as one types it, the codes of the regions in which it lies, by the files alone."""
    region_of = {each["code"]: each["region_code"] for each in rows("municipalities.csv")}
    found: dict[str, set[str]] = defaultdict(set)
    for each in rows("regions.csv"):
        found[each["name"]].add(each["code"])
    for each in rows("municipalities.csv"):
        found[each["name"]].add(each["region_code"])
    for each in rows("places.csv"):
        found[each["name"]].add(region_of[each["municipality_code"]])
    for file, column in (("old_municipalities.csv", "name"), ("aliases.csv", "alias")):
        for each in rows(file):
            found[each[column]] |= {region_of[code] for code in each["municipality_codes"].split("|")}
    for each in rows("provinces.csv"):
        for name in filter(None, [each["name"], *each["other_names"].split("|")]):
            found[name] |= set(each["region_codes"].split("|"))
    return found


@pytest.fixture(scope="module", autouse=True)
def _real_names(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the reference files once for this module; nothing here changes a row."""
    with kept_for_a_module(django_db_blocker, lambda: load_regions(FIXTURES)):
        yield


def codes_of(typed: str) -> tuple[set[str], str]:
    """Return the codes of the regions that are found, and of the one that is certain."""
    answer = find_regions(typed)
    return {each.region.code for each in answer.found}, answer.certain.region.code if answer.certain else ""


def test_every_name_finds_its_regions_and_is_certain_of_no_other() -> None:
    lost, elsewhere, unsure = [], [], []
    of_key: dict[str, set[str]] = defaultdict(set)
    for name, regions in names().items():
        for key in (key for key, is_whole in keys_of(name).items() if is_whole):
            of_key[key] |= regions
    for name, regions in names().items():
        found, certain = codes_of(name)
        if not regions <= found:
            lost.append(name)
        if certain and {certain} != regions:
            elsewhere.append(name)
        if len(of_key[search_key(name)]) == 1 and not certain:
            unsure.append(name)
    assert (lost, elsewhere) == ([], [])
    assert unsure == []


def test_every_place_is_found_with_its_municipality_and_in_an_address() -> None:
    municipalities = {each.code: each for each in Municipality.objects.select_related("region")}
    # One of ten; the names themselves are all tried above.
    for each in list(rows("places.csv"))[::10]:
        there = municipalities[each["municipality_code"]]
        assert codes_of(f"{each['name']} ({there.name})") == ({there.region.code}, there.region.code)
        found, certain = codes_of(f"Dorpsstraat 7a, {each['name']}")
        assert (there.region.code in found, certain) == (True, "")


def with_an_error(name: str, chance: random.Random) -> str:
    """Make a typing error: a letter left out, put in, changed, or two that changed places."""
    letters = list(name.casefold())
    at = chance.randrange(len(letters) - 1)
    kind = chance.choice(["out", "in", "other", "places"])
    if kind == "out":
        del letters[at]
    elif kind == "in":
        letters.insert(at, chance.choice("abcdefghijklmnoprstuvwz"))
    elif kind == "other":
        letters[at] = chance.choice("abcdefghijklmnoprstuvwz")
    else:
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


@pytest.mark.parametrize("errors", [1, 2])
def test_typing_errors_find_theirs_or_ask_and_never_lead_elsewhere(errors: int) -> None:
    chance = random.Random(2024)
    whole = set(PlaceKey.objects.filter(is_whole=True).values_list("key", flat=True))
    shortest = 5 if errors == 1 else 9
    sample = chance.sample([each for each in sorted(names()) if len(search_key(each)) >= shortest], ERRORS)
    lost = []
    for name in sample:
        typed = name
        for _each in range(errors):
            typed = with_an_error(typed, chance)
        if search_key(typed) in whole:
            # No error at all, or another name altogether: nobody can know.
            continue
        found, certain = codes_of(typed)
        assert certain == "", (name, typed)
        if not names_of(name) <= found:
            lost.append((name, typed))
    assert lost == []


def names_of(name: str) -> set[str]:
    return {each.region.code for each in PlaceName.objects.filter(name=name).select_related("region")}


def test_every_postcode_shows_each_region_that_it_reaches() -> None:
    region_of = dict(Municipality.objects.values_list("code", "region__code"))
    of_digits: dict[int, set[str]] = defaultdict(set)
    for each in rows("postcode_ranges.csv"):
        for digits in range(int(each["pc4_from"]), int(each["pc4_to"]) + 1):
            of_digits[digits].add(region_of[each["municipality_code"]])
    # All that reach into two regions, and some of where ranges begin and end.
    edges = [int(each[end]) for each in rows("postcode_ranges.csv") for end in ("pc4_from", "pc4_to")]
    for digits in sorted({*edges[::10], *(each for each, regions in of_digits.items() if len(regions) > 1)}):
        regions = of_digits[digits]
        assert codes_of(f"{digits} XZ") == (regions, next(iter(regions)) if len(regions) == 1 else ""), digits
