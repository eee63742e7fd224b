"""The search for one's own region, and what its page says of how it was found."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regions.domain.place_names import Named
from regions.enums import PlaceKind
from regions.models import Municipality, Region
from tests.factories.accounts import log_in
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.regions import MunicipalityFactory, PostcodeRangeFactory, RegionFactory, name_places
from tests.pages import page_text

pytestmark = pytest.mark.django_db

SEARCH = reverse("website:find_region")


@pytest.fixture
def maashorst() -> Municipality:
    """Return a municipality with a place, another name of it, and a postcode that reaches elsewhere too."""
    municipality = MunicipalityFactory.create(name="Maashorst", region__name="Noordoost")
    across = MunicipalityFactory.create(name="Meierij", region__name="Midden")
    for there, is_primary in ((municipality, True), (across, False)):
        PostcodeRangeFactory.create(first=5406, last=5406, municipality=there, is_primary=is_primary)
    PostcodeRangeFactory.create(first=5400, last=5405, municipality=municipality)
    name_places(
        *(
            Named(name, kind, means, municipality.pk, municipality.region_id)
            for name, kind, means in (
                ("Uden", PlaceKind.PLACE, ""),
                ("Uje", PlaceKind.OTHER, "Uden"),
                ("Landerd", PlaceKind.FORMER, "Maashorst"),
                ("Oost", PlaceKind.PROVINCE, ""),
            )
        )
    )
    return municipality


def test_another_name_is_told_only_where_the_own_one_is_not(client: Client, maashorst) -> None:
    other = Named("Uden-Zuid", PlaceKind.OTHER, "Uden", maashorst.pk, maashorst.region_id)
    name_places(other, Named("Uden", PlaceKind.PLACE, "", maashorst.pk, maashorst.region_id))
    (row,) = client.get(SEARCH, {"zoek": "uden", "alle": "1"}).context["found"]
    assert row["lines"] == ["Uden, in de gemeente Maashorst."]
    (row,) = client.get(SEARCH, {"zoek": "uden-zuid", "alle": "1"}).context["found"]
    assert row["lines"] == ["Uden-Zuid is een andere naam voor Uden, in de gemeente Maashorst."]


def page_of(region: Region, via: str) -> str:
    return reverse("website:region", args=[region.slug], query={"via": via})


@pytest.mark.parametrize("typed", ["uden", "5401 AB", "Uje", "Kerkstraat 2, 5401AB Uden", "Uden (Maashorst)"])
def test_who_is_sure_of_the_region_goes_there_at_once(client: Client, maashorst, typed: str) -> None:
    answer = client.get(SEARCH, {"zoek": typed})
    assert answer["Location"] == page_of(maashorst.region, typed)


@pytest.mark.parametrize("typed", ["ude", "Udne", "Kerkstraat 2, Uden", "5406"])
def test_who_is_not_sure_chooses(client: Client, maashorst, typed: str) -> None:
    answer = client.get(SEARCH, {"zoek": typed})
    assert answer.status_code == 200
    assert f'href="{page_of(maashorst.region, typed)}"'.replace("&", "&amp;") in answer.content.decode()


@pytest.mark.parametrize(
    ("via", "said"),
    [
        ("uden", "Uden, in de gemeente Maashorst."),
        ("UJE", "Uje is een andere naam voor Uden, in de gemeente Maashorst."),
        ("landerd", "Landerd was een gemeente en ligt nu in de gemeente Maashorst."),
        ("maashorst", "De gemeente Maashorst."),
        ("noordoost", "De regio Noordoost."),
        ("5406 XZ", "Deze postcode ligt in de gemeente Maashorst."),
    ],
)
def test_the_page_says_by_what_it_was_found_and_leads_back(
    client: Client, maashorst, via: str, said: str
) -> None:
    answer = client.get(page_of(maashorst.region, via))
    assert said in page_text(answer)
    back = reverse("website:find_region", query={"zoek": via, "alle": 1}).replace("+", "%20")
    assert f'href="{back.replace("&", "&amp;")}"' in answer.content.decode()
    assert client.get(back).status_code == 200


@pytest.mark.parametrize("via", ["Meierij", "ude", "<b>x</b>", "", "x" * 9_000, "\x00"])
def test_the_page_says_nothing_of_what_does_not_lie_there(client: Client, maashorst, via: str) -> None:
    answer = client.get(page_of(maashorst.region, via))
    assert answer.status_code == 200
    assert "Niet uw plaats?" not in page_text(answer)
    assert "<b>x</b>" not in answer.content.decode()


def test_a_miss_says_what_can_be_tried(client: Client, maashorst) -> None:
    text = page_text(client.get(SEARCH, {"zoek": "Atlantis"}))
    assert "0 regio's voor" in text
    for each in (
        "vier cijfers van uw postcode",
        "grotere plaats in de buurt",
        "Kies uit alle regio’s",
        "programmabureau",
    ):
        assert each in text


@pytest.mark.parametrize("address", ["website:find_region", "coalitions:start"])
def test_a_list_of_regions_says_what_each_was_found_by(client: Client, maashorst, address: str) -> None:
    log_in(client, speaker_for(OrganisationFactory.create()))
    found = client.get(reverse(address), {"zoek": "5406 AB", "where": "5406 AB"})
    assert [(row["region"].name, row["lines"]) for row in found.context["found"]] == [
        ("Noordoost", ["Deze postcode ligt in de gemeente Maashorst."]),
        ("Midden", ["Deze postcode ligt in de gemeente Meierij."]),
    ]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ude", ["Uden (Maashorst)"]),
        ("u", []),
        ("", []),
        ("maas", ["Maashorst"]),
        ("noordo", ["Noordoost"]),
        ("5406", []),
        ("x" * 200, []),
    ],
)
def test_names_are_offered_that_the_search_finds_for_sure(
    client: Client, maashorst, typed: str, names: list[str]
) -> None:
    answer = client.get(reverse("website:suggestions"), {"zoek": typed})
    assert json.loads(answer.content) == {"names": names}
    for each in names:
        assert client.get(SEARCH, {"zoek": each})["Location"] == page_of(maashorst.region, each)


@pytest.mark.parametrize(
    ("typed", "status"),
    [("", 422), ("\x00", 422), ("x" * 121, 422), ("0000", 200), ("%", 200), ("(" * 90, 200)],
)
def test_search_for_nonsense_says_so(client: Client, typed: str, status: int) -> None:
    RegionFactory.create()
    assert client.get(SEARCH, {"zoek": typed}).status_code == status


def test_search_without_a_question_goes_to_the_map(client: Client) -> None:
    assert client.get(SEARCH)["Location"] == reverse("website:map")


@pytest.mark.parametrize("count", [1, 3])
def test_search_takes_the_same_queries_however_many_answers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for each in range(count):
        MunicipalityFactory.create(name=f"Dorpsveld {each}")
    name_places()
    with django_assert_num_queries(4):
        client.get(SEARCH, {"zoek": "dorpsveld"})
