"""The map of regions: its links can be skipped, and neither focus nor pointer hides a state."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.regions import RegionFactory

MAP = (Path(__file__).resolve().parents[2] / "frontend" / "css" / "map.css").read_text(encoding="utf-8")


def test_focus_and_pointer_change_the_line_around_a_region_and_never_its_colour_or_pattern() -> None:
    rules = re.findall(r"(\.hub-map__region:(?:hover|focus)[^{}]*)\{([^}]*)\}", MAP)
    assert len(rules) == 2
    assert [rule for rule, body in rules if re.search(r"(?:^|\s)fill:", body)] == []
    assert all("stroke" in body for _rule, body in rules)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["home", "map"])
def test_the_links_of_the_map_can_be_skipped(client: Client, page: str) -> None:
    RegionFactory.create()
    text = client.get(reverse(f"website:{page}")).content.decode()
    places = [text.index(each) for each in ('href="#after-map"', "hub-map__region ", 'id="after-map"')]
    assert places == sorted(places)
