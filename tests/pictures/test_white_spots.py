"""White spots: municipality by stream with reach counted, the same in drawing, table and file."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from mapping.domain.publishing import publish_organisation
from organisations.models import Organisation
from pictures.domain.white_spots import Number, Voice, numbers_of
from regions.models import Municipality, Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped
from tests.pictures.pictured import SPOTS, drawn_cells, mapper_of, page_of, table_cells, table_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    for number, name in enumerate(("Aastad", "Beestad")):
        MunicipalityFactory.create(region=region, name=name, code=f"GM990{number}", sort_name=name.lower())
    return region


@pytest.fixture
def towns(region: Region) -> list[Municipality]:
    return list(region.municipalities.all())


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = mapper_of(region)
    log_in(client, user)
    return user


def test_an_organisation_counts_where_it_is_seated_or_reaches_and_wider_everywhere() -> None:
    voices = [
        Voice(["patients", "councils"], frozenset({"A", "elsewhere"})),
        Voice(["patients"], frozenset({"A", "B"})),
        Voice(["residents"], frozenset({"A"}), is_wide=True),
        Voice([], frozenset({"B"})),
        Voice(["patients"], frozenset()),
    ]
    assert numbers_of(voices, ["A", "B"]) == {
        ("A", "patients"): Number(2, 0),
        ("A", "councils"): Number(1, 0),
        ("A", "residents"): Number(1, 0),
        ("A", ""): Number(3, 0),
        ("B", "patients"): Number(1, 0),
        ("B", "residents"): Number(1, 1),
        ("B", "-"): Number(1, 0),
        ("B", ""): Number(3, 1),
        ("-", "patients"): Number(1, 0),
        ("-", ""): Number(1, 0),
    }


def test_drawing_and_table_say_the_same(
    client: Client, region: Region, mapper: User, towns: list[Municipality]
) -> None:
    mapped("Een", region, mapper, streams=["patients"], reaches=[towns[0]])
    mapped("Twee", region, mapper, streams=["patients", "residents"], reach="region")
    mapped("Drie", region, mapper)
    page = page_of(client, region, SPOTS)
    assert drawn_cells(page) == table_cells(page)
    assert table_rows(page) == [
        [
            "Gemeente",
            "Patiënten en cliënten",
            "Cliëntenraden",
            "Inwoners",
            "Stroom niet bekend",
            "Alle organisaties",
        ],
        ["Aastad", "2 (1)", "0", "1 (1)", "0", "2 (1)"],
        ["Beestad", "1 (1)", "0", "1 (1)", "0", "1 (1)"],
        ["Geen gemeente in deze regio bekend", "0", "0", "0", "1", "1"],
    ]
    assert (
        drawn_cells(page)[0][1]
        == "Aastad, Patiënten en cliënten: 2 organisaties, waarvan 1 voor de hele regio"
    )
    # What is drawn has a place in the drawing for each name, too.
    letters = {each.words for each in page.all("text")}
    assert {"Aastad", "Beestad"} <= letters


def test_an_empty_cell_opens_a_row_that_is_filled_in(
    client: Client, region: Region, mapper: User, towns: list[Municipality]
) -> None:
    mapped("Een", region, mapper, streams=["patients"], reaches=[towns[0]])
    cells = {words: address for _seen, words, address in drawn_cells(page_of(client, region, SPOTS))}
    add = reverse("mapping:add_organisation", args=[region.slug])
    assert cells["Aastad, Cliëntenraden: nog niemand"] == f"{add}?gemeente=Aastad&stroom=councils"
    form = client.get(cells["Aastad, Cliëntenraden: nog niemand"]).context["form"]
    assert (form.initial["reaches"], form.initial["streams"]) == ("Aastad", ["councils"])
    # What is counted leads to the rows that it counts.
    rows = client.get(cells["Aastad, Patiënten en cliënten: 1 organisatie"]).context["page"]
    assert [each.organisation.name for each in rows] == ["Een"]
    assert client.get(f"{add}?gemeente=Aastad&stroom=<x>").context["form"].initial["streams"] == []


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        ({}, ["Aastad", "2 (1)", "0", "0", "2 (1)"]),
        ({"telt": "genoemd"}, ["Aastad", "1", "0", "0", "1"]),
        ({"rol": "life"}, ["Aastad", "1", "0", "0", "1"]),
        ({"openbaar": "yes"}, ["Aastad", "1", "0", "0", "1"]),
        ({"rol": "nobody", "telt": "\x00", "soort": "x"}, ["Aastad", "2 (1)", "0", "0", "2 (1)"]),
    ],
)
def test_the_address_filters_picture_and_files_alike(
    client: Client,
    region: Region,
    mapper: User,
    asked: dict[str, str],
    row: list[str],
) -> None:
    towns = list(region.municipalities.all())
    one = mapped("Een", region, mapper, streams=["patients"], role="life", reaches=[towns[0]])
    mapped("Twee", region, mapper, streams=["patients"], role="system", reach="region")
    publish_organisation(organisation_id=one.pk, actor=mapper, at=AT)
    page = page_of(client, region, SPOTS, asked)
    assert table_rows(page)[1] == row
    assert drawn_cells(page) == table_cells(page)
    written = text_file(client, region, asked)
    assert written[1] == row
    assert written == table_rows(page)


def text_file(client: Client, region: Region, asked: Any = None) -> list[list[str]]:
    answer = client.get(reverse("pictures:file", args=[region.slug, SPOTS, "csv"]), asked or {})
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_region_without_municipalities_says_so(client: Client) -> None:
    bare: Region = RegionFactory.create()
    log_in(client, mapper_of(bare))
    page = page_of(client, bare, SPOTS)
    assert [each.words for each in page.all("p", class_name="hub-empty__title")] == [
        "Van deze regio is geen gemeente bekend."
    ]
    assert page.all("svg", class_name="hub-picture__drawing") == []


@pytest.mark.parametrize("count", [1, 3])
def test_white_spots_take_the_same_queries_however_many_rows(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    towns = list(region.municipalities.all())
    for number in range(count):
        mapped(f"Kring {number}", region, mapper, reaches=towns, streams=["councils"])
    with django_assert_num_queries(7):
        page_of(client, region, SPOTS)


def test_names_of_towns_are_text_in_the_drawing(client: Client, region: Region, mapper: User) -> None:
    Municipality.objects.filter(name="Aastad").update(name='<b>"A" & \'s</b>')
    drawing = client.get(reverse("pictures:file", args=[region.slug, SPOTS, "svg"])).content.decode()
    assert "<b>" not in drawing
    assert "&lt;b&gt;&quot;A&quot; &amp; &#x27;s&lt;/b&gt;" in drawing
    assert Organisation.objects.count() == 0
