"""A kwartiermaker does not hear that others named a KvK number, nor that they hold on to it (rule 26)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from calls.models import Call
from organisations.queries import organisations_in
from regions.models import Region
from tests.applications.numbers_named import (
    BY_NUMBER,
    NUMBER,
    TYPED,
    WORLDS,
    Reader,
    Seen,
    assert_answered_the_same,
    kwartiermaker,
    two_regions,
)
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def region() -> Region:
    return two_regions()


def who_maps(region: Region, call: Call) -> Seen:
    """Put the number on the map of a region, change and publish it."""
    reader = Reader(kwartiermaker(region, full_name="Kees Kwartier"))
    typed = mapped(region, TYPED, NUMBER)
    assert reader.post("mapping:add_organisation", region.slug, **typed).status_code == 302
    reader.post("mapping:add_organisation", region.slug, **typed)
    _changes(reader, region, {**typed, "legal_form": "company"})
    return reader.seen


def who_changes_a_number(region: Region, call: Call) -> Seen:
    """Give what is on the map already the number."""
    reader = Reader(kwartiermaker(region, full_name="Kees Kwartier"))
    reader.post("mapping:add_organisation", region.slug, **mapped(region, "Zonder nummer (fictief)", ""))
    _changes(reader, region, mapped(region, TYPED, NUMBER))
    return reader.seen


def who_changes_a_cell(region: Region, call: Call) -> Seen:
    """Give a row of the grid the number, take it away and give it again."""
    reader = Reader(kwartiermaker(region, full_name="Kees Kwartier"))
    reader.post_as_script("mapping:add_row", region.slug, name=TYPED)
    for ask, number in ((reader.post_as_script, NUMBER), (reader.post, ""), (reader.post_as_script, NUMBER)):
        shown = organisations_in(region).get()
        cell = {"field": "kvk_number", "value": number, "was": shown.kvk_number, "seen_version": 1}
        ask("mapping:save_cell", region.slug, shown.map_key, **cell)
        assert organisations_in(region).get().kvk_number == number
    reader.get("mapping:workspace", region.slug, **BY_NUMBER)
    _changes(reader, region, mapped(region, TYPED, NUMBER))
    return reader.seen


def mapped(region: Region, name: str, number: str) -> dict[str, Any]:
    municipality = region.municipalities.get()
    return {
        "name": name,
        "kvk_number": number,
        "legal_form": "foundation",
        "municipality": municipality.code,
        "streams": ["residents"],
        "description": "Helpt.",
    }


def _changes(reader: Reader, region: Region, typed: dict[str, Any]) -> None:
    """Change the one organisation of the map, publish it, and look at every page of the region."""
    reader.get("mapping:history", region.slug, organisations_in(region).get().map_key)
    for public in ("", "yes"):
        shown = organisations_in(region).get()
        form = reader.get("mapping:organisation", region.slug, shown.map_key).context["form"]
        typed["seen_version"] = form["seen_version"].value()
        saved = reader.post("mapping:organisation", region.slug, shown.map_key, public=public, **typed)
        assert saved.status_code == 302, page_text(saved)
        reader.get("mapping:history", region.slug, organisations_in(region).get().map_key)
        for page in ("workspace", "questions", "add_question", "representatives"):
            reader.get(f"mapping:{page}", region.slug)
    reader.get("website:region", region.slug)
    reader.get("website:start")


@pytest.mark.parametrize("walk", [who_maps, who_changes_a_number, who_changes_a_cell])
@pytest.mark.parametrize("world", WORLDS)
def test_a_kwartiermaker_does_not_hear_that_others_named_a_number(
    world: Callable[[], None], walk: Callable[[Region, Call], Seen], region: Region, call: Call
) -> None:
    assert_answered_the_same(world, walk, region, call)
