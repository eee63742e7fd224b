"""What is public of pictures: published organisations and public questions alone, and never people (rules 23 and 26)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from mapping.domain.involvement import Part
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from organisations.models import Organisation
from people.domain.engagements import write_person_engagement
from pictures.enums import FileFormat, PictureKind
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.agreeing import agreed
from tests.factories.moments import AT
from tests.factories.organisations import pending_for
from tests.factories.people import agreed_person
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped
from tests.pages import page_text
from tests.pictures.pictured import (
    NETWORK,
    QUESTIONS,
    SPOTS,
    drawn_cells,
    embed_of,
    mapper_of,
    table_cells,
    table_rows,
)
from tests.pictures.test_networks import drawn_links, drawn_names
from tests.pictures.test_questions import asked_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Aastad", code="GM9900", sort_name="aastad")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return mapper_of(region)


def public(name: str, region: Region, actor: User, **facts: Any) -> Organisation:
    added = mapped(name, region, actor, **facts)
    publish_organisation(organisation_id=added.pk, actor=actor, at=AT)
    return added


def answers(client: Client, region: Region) -> dict[str, bytes]:
    """Return everything that a visitor can get of the pictures of a region."""
    found = {}
    for kind in PictureKind:
        page = reverse("pictures:embed", args=[region.slug, kind])
        found[page] = client.get(page).content
        for form in FileFormat:
            file = reverse("pictures:embed_file", args=[region.slug, kind, form])
            found[file] = client.get(file).content
    return found


def test_what_is_not_public_changes_nothing_that_visitors_get(
    client: Client, region: Region, mapper: User
) -> None:
    town = region.municipalities.get()
    shown = [public(f"Open {number}", region, mapper, municipality=town) for number in range(6)]
    question = asked_in(
        region,
        mapper,
        "Aan tafel",
        {each: ["inform"] for each in shown[:3]},
        is_public=True,
        how_to_join="Kom.",
    )
    before = answers(client, region)
    hidden = mapped(
        "Gesloten (geheim)", region, mapper, municipality=town, streams=["councils"], reach="region"
    )
    for kind in (TieKind.WORKS_WITH, TieKind.ADVISES):
        tie_organisations(
            one_id=hidden.pk, other_id=shown[0].pk, kind=kind, region=region, actor=mapper, at=AT
        )
    asked_in(region, mapper, "Een geheim vraagstuk", {shown[0]: ["inform"], hidden: ["inform"]})
    question.engagements.create(organisation=hidden, form="inform")
    somebody = agreed_person(region, mapper, name="Geheim mens", email="mens@burger.example", at=AT)
    write_person_engagement(
        person_id=somebody.pk,
        question_id=question.pk,
        parts={"decide": Part()},
        seen_version=somebody.version,
        actor=mapper,
        at=AT,
    )
    assert answers(client, region) == before
    withdraw_publication(organisation_id=shown[0].pk, actor=mapper, at=AT)
    after = answers(client, region)
    assert not [where for where, answer in after.items() if b"Open 0" in answer]
    assert table_rows(embed_of(client, region, SPOTS))[1][-1] == "5"
    # What made a cell of three now makes one of two, of which nothing is told.
    assert table_rows(embed_of(client, region, QUESTIONS))[1] == ["Aan tafel", "–", "–", "–", "–", "–", "–"]


def test_pictures_for_visitors_say_the_same_in_drawing_and_table(
    client: Client, region: Region, mapper: User
) -> None:
    town = region.municipalities.get()
    shown = [
        public(f"Open {number}", region, mapper, municipality=town, streams=["patients"])
        for number in range(6)
    ]
    tie_organisations(
        one_id=shown[0].pk, other_id=shown[1].pk, kind=TieKind.WORKS_WITH, region=region, actor=mapper, at=AT
    )
    asked_in(
        region,
        mapper,
        "Aan tafel",
        {shown[0]: ["inform", "advise"], shown[1]: ["inform"], shown[2]: ["inform"]},
        is_public=True,
        how_to_join="Kom.",
    )
    for kind in (SPOTS, QUESTIONS):
        page = embed_of(client, region, kind)
        assert drawn_cells(page) == table_cells(page)
        assert {address for _seen, _heard, address in drawn_cells(page)} == {""}
    assert table_rows(embed_of(client, region, SPOTS))[1] == ["Aastad", "6", "0", "0", "6"]
    assert table_rows(embed_of(client, region, QUESTIONS))[1] == ["Aan tafel", "3", "–", "–", "–", "–", "3"]
    page = embed_of(client, region, NETWORK)
    assert table_rows(page)[1:] == [["Open 0", "werkt samen met", "Open 1"]]
    assert drawn_links(page) == ["Open 0 werkt samen met Open 1"]
    # That they share a question is not told to visitors.
    assert drawn_names(page) == {"Open 0", "Open 1"}


def test_white_spots_for_visitors_do_not_say_that_nobody_speaks_where_somebody_may(
    client: Client, region: Region, mapper: User
) -> None:
    """Visitors know of a seat alone: who works for the whole region, or has its seat outside it, may speak there."""
    public("Open", region, mapper, streams=["patients"], reach="region")
    words = page_text(client.get(reverse("pictures:embed", args=[region.slug, SPOTS])))
    assert "In 3 van de 3 vakken is nog geen openbare organisatie gevestigd" in words
    assert "Zij kan ook ergens anders werken." in words
    assert [each for each in ("spreekt nog niemand", "nog niemand") if each in words] == []


def test_nothing_is_told_where_all_public_organisations_take_part_or_nearly_all(
    client: Client, region: Region, mapper: User
) -> None:
    """Rule 26: a visitor counts the public organisations, and so would know who they are: in no cell, file or word."""
    shown = [public(f"Open {number}", region, mapper) for number in range(6)]
    question = asked_in(
        region, mapper, "Aan tafel", {each: ["inform"] for each in shown}, is_public=True, how_to_join="Kom."
    )
    for number in (6, 5, 4):
        question.engagements.exclude(organisation__in=shown[:number]).delete()
        page = embed_of(client, region, QUESTIONS)
        assert table_rows(page)[1] == ["Aan tafel", *["–"] * 6]
        heard = [each[1] for each in drawn_cells(page)]
        assert heard and all(each.endswith(": niet verteld") for each in heard)
        files = {
            form: client.get(reverse("pictures:embed_file", args=[region.slug, QUESTIONS, form])).content
            for form in ("svg", "csv")
        }
        assert f"{number} organisaties".encode() not in files["svg"]
        assert files["csv"].decode("utf-8-sig").splitlines()[1].count("–") == 6
    question.engagements.exclude(organisation__in=shown[:3]).delete()
    assert table_rows(embed_of(client, region, QUESTIONS))[1] == ["Aan tafel", "3", *["–"] * 4, "3"]
    # Nor is somebody counted of whom this region shows nothing.
    other = RegionFactory.create()
    elsewhere = public("Elders", other, mapper_of(other))
    question.engagements.create(organisation=elsewhere, form="inform")
    assert table_rows(embed_of(client, region, QUESTIONS))[1] == ["Aan tafel", "3", *["–"] * 4, "3"]


def test_caches_keep_what_is_public_for_two_minutes_at_most(
    client: Client, region: Region, mapper: User
) -> None:
    kept = "public, max-age=120, must-revalidate"
    log_in(client, mapper)
    for _reader in range(2):
        for address in (
            reverse("pictures:embed", args=[region.slug, SPOTS]),
            reverse("pictures:embed_file", args=[region.slug, SPOTS, "svg"]),
        ):
            answer = client.get(address)
            assert (answer["Cache-Control"], answer.cookies.output()) == (kept, "")
        client.logout()
    gone = client.get(reverse("pictures:embed", args=["bestaat-niet", SPOTS]))
    assert gone["Cache-Control"] == "no-cache"


def test_organisation_stands_by_what_it_agreed_to(client: Client, region: Region, mapper: User) -> None:
    town = region.municipalities.get()
    one = mapped("Naam (kaart)", region, mapper, municipality=town, streams=["councils"])
    request = agreed(one, region, mapper, email="info@kring.example", at=AT)
    publish_organisation(organisation_id=one.pk, actor=mapper, at=AT)
    Organisation.objects.filter(pk=one.pk).update(name="Nieuwer", streams=["residents"], reach="region")
    other = public("Open", region, mapper)
    tie_organisations(
        one_id=one.pk, other_id=other.pk, kind=TieKind.SUPPORTS, region=region, actor=mapper, at=AT
    )
    assert request.text["name"] == "Naam (kaart)"
    assert drawn_names(embed_of(client, region, NETWORK)) == {"Naam (kaart)", "Open"}
    assert table_rows(embed_of(client, region, SPOTS))[1] == ["Aastad", "0", "1", "0", "0", "1"]


def test_only_these_pages_may_be_framed_and_only_public_files_be_read_by_other_sites(
    client: Client, region: Region, mapper: User
) -> None:
    page = client.get(reverse("pictures:embed", args=[region.slug, NETWORK]))
    assert "X-Frame-Options" not in page.headers
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "Access-Control-Allow-Origin" not in page.headers
    file = client.get(reverse("pictures:embed_file", args=[region.slug, NETWORK, "csv"]))
    assert file["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in file.headers
    log_in(client, mapper)
    for closed in (
        client.get(reverse("pictures:picture", args=[region.slug, NETWORK])),
        client.get(reverse("pictures:file", args=[region.slug, NETWORK, "csv"])),
        client.get(reverse("website:home")),
    ):
        assert closed["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in closed["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in closed.headers


def test_framed_page_is_the_same_whoever_is_logged_in_and_has_no_form(
    client: Client, region: Region, mapper: User
) -> None:
    public("Open", region, mapper)
    address = reverse("pictures:embed", args=[region.slug, SPOTS])
    seen = client.get(address).content
    log_in(client, mapper)
    assert client.get(address).content == seen
    assert b"<form" not in seen
    # Nor what an act just said to its reader, who reads that on the next page of their own.
    client.post(reverse("pictures:ask_regional", args=[region.slug]))
    assert client.get(address).content == seen
    assert "Kies voor wie het is." in client.get(reverse("website:home")).content.decode()


def test_pictures_of_the_map_are_closed_to_who_only_says_to_speak_for_an_organisation(
    client: Client, region: Region, mapper: User
) -> None:
    """Rule 27."""
    claims = pending_for(mapped("Een", region, mapper, municipality=region.municipalities.get()))
    elsewhere = mapper_of(RegionFactory.create())
    for user in (claims, elsewhere):
        log_in(client, user)
        for kind in PictureKind:
            for name, more in (("picture", []), ("file", ["svg"]), ("file", ["csv"])):
                assert (
                    client.get(reverse(f"pictures:{name}", args=[region.slug, kind, *more])).status_code
                    == 404
                )
        assert client.get(reverse("pictures:pictures", args=[region.slug])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_embeds_take_the_same_queries_however_many_rows(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    hub = public("Hub", region, mapper)
    for each in range(count):
        one = public(f"Kring {each}", region, mapper)
        tie_organisations(
            one_id=one.pk, other_id=hub.pk, kind=TieKind.WORKS_WITH, region=region, actor=mapper, at=AT
        )
        asked_in(region, mapper, f"Vraag {each}", {one: ["inform"]}, is_public=True, how_to_join="Kom.")
    for kind, number in ((SPOTS, 4), (QUESTIONS, 4), (NETWORK, 4)):
        with django_assert_num_queries(number):
            embed_of(client, region, kind)
