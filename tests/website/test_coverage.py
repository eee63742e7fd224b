"""How much of the country is covered: now, in each way, and day by day as everybody could see it (rules 22 and 26)."""

import csv
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organisations.streams import Stream
from regions.models import Region
from tests.factories import scenarios
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.pages import page_text
from tests.refusals import refused_by
from tests.website.test_region_pages import placed, public
from website.domain.covering import coverage_now, keep_coverage, months_kept
from website.enums import Covered, HubState
from website.models import CoverageDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def regions() -> list[Region]:
    """Return three regions: in the first two streams are heard, in the second one, in the third nobody."""
    found = [
        RegionFactory.create(population_2021=people, name=f"Regio {people}") for people in (100, 300, 600)
    ]
    public(placed(found[0], "Zeedorp"), "Beide", Stream.PATIENTS, Stream.COUNCILS)
    public(placed(found[1], "Achterdorp"), "Raad", Stream.COUNCILS)
    public(placed(found[1], "Bovendorp"), "Zonder stroom")
    return found


def test_steps_come_to_the_whole_country_and_ways_overlap(regions) -> None:
    now = coverage_now()
    steps = {each.what: (each.regions, each.inhabitants, each.percent) for each in now.by_state()}
    assert steps == {
        HubState.NOTHING: (1, 600, 60.0),
        HubState.MAPPED: (2, 400, 40.0),
        HubState.FORMING: (0, 0, 0.0),
        HubState.SUBMITTED: (0, 0, 0.0),
        HubState.GRANTED: (0, 0, 0.0),
    }
    ways = {each.what: (each.regions, each.inhabitants) for each in now.by_way()}
    assert ways == {
        Covered.KNOWN: (2, 400),
        Covered.PATIENTS: (1, 100),
        Covered.COUNCILS: (2, 400),
        Covered.RESIDENTS: (0, 0),
        Covered.GRANTED: (0, 0),
    }


def test_a_grant_counts_once_its_letter_was_sent_and_a_submission_is_never_kept() -> None:
    """Rule 26: an application whose round is undecided would tell later what became of it."""
    case = scenarios.submitted(call=CallFactory.create(shows_applications=True))
    region = case.coalition.region
    keep_coverage(at=AT)
    assert set(CoverageDay.objects.values_list("covered", "regions")) == {(each.value, 0) for each in Covered}
    assert {each.what: each.regions for each in coverage_now().by_state()}[HubState.SUBMITTED] == 1
    assert region.population_2021 == coverage_now().inhabitants


def test_a_day_is_kept_once_as_it_was_then(regions) -> None:
    assert [keep_coverage(at=AT) for _turn in range(2)] == [len(Covered), 0]
    public(placed(regions[2], "Benedendorp"), "Kring", Stream.RESIDENTS)
    assert keep_coverage(at=AT) == 0
    assert keep_coverage(at=AT + timedelta(days=1)) == len(Covered)
    keep_coverage(at=AT + timedelta(days=40))
    months = months_kept(1000)
    assert [each.shares[0].what for each in months] == [Covered.KNOWN] * 2 or len(months) == 2
    assert [each.by_name()["known"].regions for each in months] == [3, 3]
    first = CoverageDay.objects.filter(covered=Covered.KNOWN).order_by("day").first()
    assert first is not None
    assert (first.regions, first.inhabitants) == (2, 400)


def rows_of(file: Any) -> list[list[str]]:
    """Return the rows of a CSV file that was downloaded."""
    return list(csv.reader(file.getvalue().decode().splitlines(), delimiter=";"))


def test_the_page_and_the_files_say_the_same(client: Client, regions) -> None:
    keep_coverage(at=AT)
    page = page_text(client.get(reverse("website:coverage")))
    assert ("40,0%" in page, "60,0%" in page, "10,0%" in page) == (True, True, True)
    told = rows_of(client.get(reverse("website:coverage_file")))
    assert [row[1:] for row in told[1:]] == [
        ["Regio 100", "100", "organisaties bekend", "1", "1", "1", "0", "0"],
        ["Regio 300", "300", "organisaties bekend", "2", "0", "1", "0", "0"],
        ["Regio 600", "600", "nog niets", "0", "0", "0", "0", "0"],
    ]
    months = rows_of(client.get(reverse("website:coverage_months")))
    assert months[1][1:] == ["organisaties bekend", "2", "400", "40,0"]


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_queries_however_many_regions(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        public(placed(RegionFactory.create(), f"Dorp {number}"), f"Raad {number}", Stream.COUNCILS)
    with django_assert_num_queries(8):
        client.get(reverse("website:coverage"))


def test_the_database_refuses_what_cannot_be() -> None:
    day = {"day": date(2024, 5, 1), "regions": 1, "inhabitants": 1}
    CoverageDay.objects.create(covered=Covered.KNOWN, **day)
    with refused_by("coverage_day_once_per_way"):
        CoverageDay.objects.create(covered=Covered.KNOWN, **day)
    with refused_by("coverage_day_in_a_known_way"):
        CoverageDay.objects.create(covered="perhaps", **day)
