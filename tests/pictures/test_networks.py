"""Who works with whom: ties and shared questions, drawn the same for the same map, and told the same in the table."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from organisations.models import Organisation
from pictures.domain.networks import Link, busiest, in_a_ring, shared_questions
from pictures.views import made, network
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import RegionFactory
from tests.looks.markup import Page
from tests.mapping.grids import mapped
from tests.pictures.pictured import NETWORK, mapper_of, page_of, table_rows
from tests.pictures.test_questions import asked_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = mapper_of(region)
    log_in(client, user)
    return user


def tie(one: Organisation, other: Organisation, kind: TieKind, region: Region, actor: User) -> Any:
    return tie_organisations(one_id=one.pk, other_id=other.pk, kind=kind, region=region, actor=actor, at=AT)


def drawn_links(page: Page) -> list[str]:
    return [each.attributes["aria-label"] for each in page.all("g", class_name="hub-picture__link")]


def drawn_names(page: Page) -> set[str]:
    return {
        each.attributes["aria-label"]
        for each in page.elements
        if "hub-picture__knot" in each.attributes.get("class", "").split()
    }


def test_drawing_and_table_say_the_same(client: Client, region: Region, mapper: User) -> None:
    council, hospital = mapped("Cliëntenraad", region, mapper), mapped("Ziekenhuis", region, mapper)
    circle, alone = mapped("Buurtkring", region, mapper), mapped("Alleen", region, mapper)
    tie(council, hospital, TieKind.PART_OF, region, mapper)
    tie(council, hospital, TieKind.ADVISES, region, mapper)
    for title in ("Aan tafel", "Blijven wonen"):
        asked_in(region, mapper, title, {council: ["inform"], circle: ["advise", "inform"]})
    asked_in(region, mapper, "Cijfers", {alone: ["inform"]})
    page = page_of(client, region, NETWORK)
    rows = table_rows(page)
    assert rows[0] == ["Organisatie", "Band", "Met"]
    assert rows[1:] == [
        ["Buurtkring", "deelt 2 vraagstukken met", "Cliëntenraad"],
        ["Cliëntenraad", "adviseert", "Ziekenhuis"],
        ["Cliëntenraad", "hoort bij", "Ziekenhuis"],
    ]
    assert drawn_links(page) == [" ".join(row) for row in rows[1:]]
    assert drawn_names(page) == {"Cliëntenraad", "Ziekenhuis", "Buurtkring"}
    said = {each.words for each in page.all("p")}
    assert "3 organisaties met 3 banden." in said


def test_pages_of_the_table_say_together_what_the_drawing_says(
    client: Client, region: Region, mapper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "LINKS_PER_PAGE", 2)
    one, two, three = (mapped(name, region, mapper) for name in ("Een", "Twee", "Drie"))
    asked_in(region, mapper, "Aan tafel", {each: ["inform"] for each in (one, two, three)})
    tie(one, two, TieKind.SUPPORTS, region, mapper)
    tie(two, three, TieKind.ADVISES, region, mapper)
    pages = [page_of(client, region, NETWORK, {"band": "", "page": number}) for number in (1, 2, 3)]
    rows = [table_rows(each)[1:] for each in pages]
    assert [len(each) for each in rows] == [2, 2, 1]
    for page in pages:
        assert drawn_links(page) == [" ".join(row) for each in rows for row in each]
        assert "3 organisaties met 5 banden." in {each.words for each in page.all("p")}
    # Who goes to another page is at the table at once, and has not lost what the address chooses.
    (after,) = [each.attributes["href"] for each in pages[0].all("a", rel="next")]
    assert after == "?band=&page=2#picture-table"
    assert pages[1].by_id("picture-table").words == "Als tabel"


def test_the_address_chooses_a_kind_of_link_and_around_whom(
    client: Client, region: Region, mapper: User
) -> None:
    one, two, three = (mapped(name, region, mapper) for name in ("Een", "Twee", "Drie"))
    tie(one, two, TieKind.WORKS_WITH, region, mapper)
    tie(two, three, TieKind.SUPPORTS, region, mapper)
    asked_in(region, mapper, "Aan tafel", {one: ["inform"], three: ["inform"]})
    for asked, names, links in (
        ({}, {"Een", "Twee", "Drie"}, 3),
        ({"band": "supports"}, {"Twee", "Drie"}, 1),
        ({"band": "shared"}, {"Een", "Drie"}, 1),
        ({"rond": str(three.map_key)}, {"Een", "Twee", "Drie"}, 2),
        ({"rond": str(three.map_key), "band": "works_with"}, set(), 0),
        ({"rond": "x", "band": "\x00"}, {"Een", "Twee", "Drie"}, 3),
    ):
        page = page_of(client, region, NETWORK, asked)
        assert (drawn_names(page), len(drawn_links(page))) == (names, links), asked


def test_what_is_not_on_this_map_is_no_part_of_it(client: Client, region: Region, mapper: User) -> None:
    """Rule 26."""
    elsewhere: Region = RegionFactory.create()
    one, other = mapped("Een", region, mapper), organisation_in(elsewhere, name="Elders")
    other.works_in.add(region)
    tie(one, other, TieKind.WORKS_WITH, region, mapper)
    assert drawn_names(page_of(client, region, NETWORK)) == {"Een", "Elders"}
    other.works_in.remove(region)
    page = page_of(client, region, NETWORK)
    assert drawn_names(page) == set()
    assert "Elders" not in " ".join(each.words for each in page.all("main"))


def test_the_same_links_make_the_same_ring_whatever_their_order() -> None:
    links = [Link("a", "c", "x"), Link("c", "e", "x"), Link("b", "d", "x")]
    keys = ["a", "b", "c", "d", "e"]
    assert in_a_ring(keys, links) == ["a", "c", "e", "b", "d"]
    assert in_a_ring(keys, reversed(links)) == ["a", "c", "e", "b", "d"]


def test_those_with_most_links_are_drawn_where_there_are_too_many() -> None:
    names = {f"k{number:02}": f"Naam {number:02}" for number in range(60)}
    ties = [Link("k00", f"k{number:02}", "x") for number in range(1, 60)] + [Link("k58", "k59", "x")]
    keys, number = busiest(ties, [], names=names)
    assert (keys[:4], len(keys), number) == (["k00", "k58", "k59", "k01"], 48, 60)
    assert busiest(ties, [], names=names, around="k59") == (["k59", "k00", "k58"], 3)


def test_questions_are_shared_by_each_two_once() -> None:
    parts = [(1, "a"), (1, "b"), (1, "c"), (2, "b"), (2, "a"), (2, "a"), (3, "a")]
    assert shared_questions(parts, {"a", "b"}) == [Link("a", "b", "shared", 2)]


def test_what_is_left_out_is_told(
    client: Client, region: Region, mapper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST_DRAWN", 1)
    one, two = mapped("Een", region, mapper), mapped("Twee", region, mapper)
    tie(one, two, TieKind.WORKS_WITH, region, mapper)
    said = {each.words for each in page_of(client, region, NETWORK).all("p")}
    assert (
        "U ziet de 1 organisaties met de meeste banden, van de 2. Kies er één om te zien wat eromheen staat."
        in said
    )


@pytest.mark.parametrize("count", [1, 3])
def test_network_takes_the_same_queries_however_many_rows(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    hub = mapped("Hub", region, mapper)
    for number in range(count):
        tie(mapped(f"Kring {number}", region, mapper), hub, TieKind.WORKS_WITH, region, mapper)
    with django_assert_num_queries(7):
        page_of(client, region, NETWORK)
