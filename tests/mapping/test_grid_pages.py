"""The grid of a region: filtered, searched and ordered by its address (rule 22)."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from mapping.models import MapEntry
from organisations.models import Organisation
from regions.models import Region
from regions.names import sort_name
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    log_in(client, user)
    return user


@pytest.fixture
def row(region: Region, mapper: User) -> Organisation:
    return mapped("Zorgkring (fictief)", region, mapper)


def test_rows_are_filtered_by_each_word_and_the_filters_say_how_many_there_would_be(
    client: Client, region: Region, mapper: User
) -> None:
    town = region.municipalities.get()
    mapped("Een", region, mapper, streams=["patients"], role="life", domains=["care"], reaches=[town])
    mapped(
        "Twee", region, mapper, streams=["patients", "councils"], role="system", website="https://a.example"
    )
    organisation_in(RegionFactory.create(), name="Elders")
    assert shown(client, region) == ["Een", "Twee"]
    for asked, found in (
        ({"stroom": "councils"}, ["Twee"]),
        ({"rol": "life", "stroom": "patients"}, ["Een"]),
        ({"gemeente": "GM9901"}, ["Een"]),
        ({"gemeente": "-"}, ["Twee"]),
        ({"ontbreekt": "public_contact"}, ["Een"]),
        ({"openbaar": "yes"}, []),
        ({"rol": "nobody", "soort": "\x00", "page": "-1", "volgorde": "x"}, ["Een", "Twee"]),
    ):
        assert shown(client, region, asked) == found, asked
    page = client.get(reverse("mapping:workspace", args=[region.slug]), {"rol": "life"}).context
    counts = {each.label: [(str(one.label), one.count) for one in each.choices] for each in page["facets"]}
    assert counts["Rol"] == [("leefwereld", 1), ("systeemwereld", 1)]
    assert counts["Stroom"] == [("patiënten- en cliëntenparticipatie", 1)]


def test_names_places_and_notes_are_searched(client: Client, region: Region, mapper: User) -> None:
    town = region.municipalities.get()
    mapped("Eén stem", region, mapper, notes="Belt terug na Pinksteren.")
    mapped("Twee", region, mapper, reaches=[town], neighbourhood="De Hoek")
    assert shown(client, region, {"zoek": "een stem"}) == ["Eén stem"]
    assert shown(client, region, {"zoek": "pinksteren"}) == ["Eén stem"]
    assert shown(client, region, {"zoek": "MIDDEL"}) == ["Twee"]
    assert shown(client, region, {"zoek": "hoek"}) == ["Twee"]
    assert shown(client, region, {"zoek": "\x00%_'"}) == []


def test_notes_of_another_region_are_neither_shown_nor_searched(
    client: Client, region: Region, row: Organisation
) -> None:
    """Rule 22."""
    elsewhere = RegionFactory.create()
    row.works_in.add(elsewhere)
    MapEntry.objects.filter(region=region).delete()
    MapEntry.objects.create(organisation=row, region=elsewhere, notes="Geheim van elders", talk="declined")
    assert shown(client, region, {"zoek": "geheim"}) == []
    assert shown(client, region, {"gesprek": "declined"}) == []
    assert shown(client, region, {"gesprek": "-"}) == [row.name]
    text = client.get(reverse("mapping:workspace", args=[region.slug])).content.decode()
    assert "Geheim" not in text


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("naam", ["Alfa", "Bravo", "Charlie"]),
        ("-naam", ["Charlie", "Bravo", "Alfa"]),
        ("datum", ["Charlie", "Bravo", "Alfa"]),
        ("-datum", ["Bravo", "Charlie", "Alfa"]),
        ("-rol", ["Bravo", "Charlie", "Alfa"]),
        ("openbaar", ["Alfa", "Bravo", "Charlie"]),
    ],
)
def test_rows_are_ordered_as_the_heading_says(
    client: Client, region: Region, mapper: User, order: str, found: list[str]
) -> None:
    for name, day, role in (("Alfa", None, ""), ("Bravo", 9, "system"), ("Charlie", 2, "life")):
        added = mapped(name, region, mapper, role=role)
        MapEntry.objects.filter(organisation=added).update(next_on=day and date(2024, 5, day))
    assert shown(client, region, {"volgorde": order}) == found


@pytest.mark.parametrize("count", [1, 3])
def test_grid_takes_the_same_queries_however_many_rows(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        town = MunicipalityFactory.create(region=region)
        row = mapped(f"Kring {number}", region, mapper, reaches=[town], notes="Notitie", streams=["councils"])
        tied = {"other_id": organisation_in(region).pk, "kind": TieKind.PART_OF, "region": region}
        tie_organisations(one_id=row.pk, **tied, actor=mapper, at=AT)
    with django_assert_num_queries(11):
        client.get(reverse("mapping:workspace", args=[region.slug]))


def test_region_of_2000_organisations_shows_500_within_ten_queries(
    client: Client, region: Region, mapper: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = Organisation.objects.bulk_create(
        Organisation(
            name=f"Kring {number:04}", sort_name=sort_name(f"Kring {number:04}"), created_at=AT, mapped_at=AT
        )
        for number in range(2000)
    )
    through = Organisation.works_in.through
    through._default_manager.bulk_create(
        through(organisation_id=each.pk, region_id=region.pk) for each in made
    )
    with django_assert_num_queries(10):
        page: HttpResponse = client.get(reverse("mapping:workspace", args=[region.slug]), {"page": "2"})
    text = page.content.decode()
    assert (text.count('<tr id="rij-'), "Kring 0500" in text, "Kring 0499" in text) == (500, True, False)
