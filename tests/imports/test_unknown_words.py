"""A word that is in no list is chosen once for all rows that have it, kept when columns change, and chosen otherwise later."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from imports.domain.importing import set_columns
from imports.domain.meanings import say_meanings, unknown_words
from imports.domain.words import LEFT_OUT
from imports.enums import Fate
from imports.forms.rows import RowReader
from imports.models import MapImport
from mapping.domain.organisations import add_to_map
from organisations.domain.organisations import OrganisationFacts
from organisations.models import OrganisationKind
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.imports.spreadsheets import a_region, address, checked, mapper_of, text_file
from tests.pages import page_text

pytestmark = pytest.mark.django_db

ROWS = [
    ["Naam", "Soort", "Stromen"],
    ["Raad Zuid", "Belangenver.", "residents"],
    ["Café", "belangenver", "buurt, patients"],
    ["Kring", "Cliëntenraad", "Buurt"],
    ["Groep", "BELANGENVER.", ""],
    ["Fonds", "=A1", "#N/B"],
]
KIND, STREAM = ("kind", "belangenver"), ("streams", "buurt")


@pytest.fixture
def region() -> Region:
    for position, (code, name) in enumerate((("raad", "Cliëntenraad"), ("belangen", "Belangenvereniging"))):
        OrganisationKind.objects.create(code=code, name=name, name_in_english=code, position=position)
    return a_region()


@pytest.fixture
def user(client: Client, region: Region) -> User:
    mapper = mapper_of(region)
    log_in(client, mapper)
    return mapper


@pytest.fixture
def made(region: Region, user: User) -> MapImport:
    return checked(region, user, text_file(ROWS))


def say(made: MapImport, user: User, said: dict[tuple[str, str], str], *, seen: int | None = None) -> None:
    made.refresh_from_db()
    read = RowReader()
    say_meanings(
        import_id=made.pk, meanings=said, seen_version=made.version if seen is None else seen, read=read,
        words=read.words, actor=user, at=AT,
    )  # fmt: skip
    made.refresh_from_db()


def words_of(made: MapImport) -> list[tuple[str, str, int, str]]:
    found = unknown_words(made, RowReader().words)
    return [(each.field, each.word, each.rows, each.meaning) for each in found]


def fates(made: MapImport) -> list[str]:
    rows = made.rows.exclude(fate=Fate.HEADING).order_by("number")
    return list(rows.values_list("fate", flat=True))


def test_each_word_is_named_once_with_in_how_many_rows_it_is(made: MapImport) -> None:
    assert words_of(made) == [("kind", "BELANGENVER.", 3, ""), ("streams", "Buurt", 2, "")]
    assert fates(made) == [Fate.WRONG] * 5


def test_one_choice_goes_for_all_rows_and_can_be_taken_back(made: MapImport, user: User) -> None:
    code = "belangen"
    say(made, user, {KIND: code, STREAM: "residents"})
    assert fates(made) == [Fate.NEW, Fate.NEW, Fate.NEW, Fate.NEW, Fate.WRONG]
    assert words_of(made) == [("kind", "BELANGENVER.", 3, code), ("streams", "Buurt", 2, "residents")]
    before = made.version
    say(made, user, {KIND: code})
    assert made.version == before
    say(made, user, {KIND: "", STREAM: LEFT_OUT})
    assert fates(made) == [Fate.WRONG, Fate.WRONG, Fate.NEW, Fate.WRONG, Fate.WRONG]
    assert made.meanings == {"kind": {}, "streams": {"buurt": LEFT_OUT}}


def test_what_was_said_stays_when_columns_change(made: MapImport, user: User) -> None:
    code = "belangen"
    say(made, user, {KIND: code, STREAM: "residents"})
    for columns in (["name", "", "streams"], ["name", "kind", "streams"]):
        set_columns(
            import_id=made.pk, columns=columns, heading_number=1, seen_version=made.version, read=RowReader(),
            actor=user, at=AT,
        )  # fmt: skip
        made.refresh_from_db()
    assert fates(made)[:4] == [Fate.NEW] * 4
    assert words_of(made)[0] == ("kind", "BELANGENVER.", 3, code)


def test_it_comes_on_the_map_as_was_chosen_and_the_words_are_forgotten(
    client: Client, region: Region, user: User, made: MapImport
) -> None:
    code, label = "belangen", "Belangenvereniging"
    say(made, user, {KIND: code, STREAM: "residents"})
    client.post(
        address("rows", region, made),
        {"seen_version": made.version, "lot": "alle", "page": "1", "rij-6": "", "keuze-6": "3"},
    )
    made.refresh_from_db()
    client.post(address("take", region, made), {"seen": made.version})
    made.refresh_from_db()
    here = organisations_in(region).order_by("name")
    assert [(each.name, str(each.kind), each.streams) for each in here] == [
        ("Café", str(label), ["patients", "residents"]),
        ("Groep", str(label), []),
        ("Kring", "Cliëntenraad", ["residents"]),
        ("Raad Zuid", str(label), ["residents"]),
    ]
    assert made.meanings == {}


def test_a_row_that_turns_out_to_be_known_waits_and_one_that_is_left_out_stays_so(
    client: Client, region: Region, user: User
) -> None:
    add_to_map(facts=OrganisationFacts("Raad Zuid"), region=region, actor=user, at=AT)
    made = checked(region, user, text_file(ROWS[:3]))
    client.post(
        address("rows", region, made),
        {"seen_version": made.version, "lot": "alle", "page": "1", "rij-3": "", "keuze-3": "3"},
    )
    assert words_of(MapImport.objects.get(pk=made.pk)) == [("kind", "Belangenver.", 1, "")]
    say(made, user, {KIND: LEFT_OUT})
    rows = made.rows.exclude(fate=Fate.HEADING).order_by("number")
    assert list(rows.values_list("fate", "choice")) == [(Fate.DOUBTFUL, None), (Fate.WRONG, 3)]


@pytest.mark.parametrize("said", [{KIND: "onzin"}, {KIND: "interest; drop"}, {STREAM: "raad"}])
def test_only_what_is_in_the_list_can_be_meant(
    made: MapImport, user: User, said: dict[tuple[str, str], str]
) -> None:
    before = made.version
    with pytest.raises(RuleViolation, match="Kies een woord uit de lijst"):
        say(made, user, said)
    made.refresh_from_db()
    assert (made.meanings, made.version) == ({}, before)


def test_words_that_are_not_in_the_file_are_passed_by(made: MapImport, user: User) -> None:
    before = made.version
    say(made, user, {("kind", "ander"): "-", ("onzin", "x"): "-", ("name", "raadzuid"): "-"})
    assert (made.meanings, made.version) == ({}, before)


def test_another_choice_over_a_seen_version_is_refused(made: MapImport, user: User) -> None:
    seen = made.version
    say(made, user, {STREAM: "residents"})
    with pytest.raises(NewerVersion):
        say(made, user, {STREAM: "patients"}, seen=seen)
    with pytest.raises(NotAllowed):
        say(made, mapper_of(made.region), {STREAM: "patients"})


def test_the_page_asks_each_word_once_and_keeps_what_was_refused(
    client: Client, region: Region, user: User, made: MapImport
) -> None:
    page = client.get(address("import", region, made))
    text = page_text(page)
    assert "Soort: “BELANGENVER.” staat in 3 rijen" in text
    assert "Stromen: “Buurt” staat in 2 rijen" in text
    assert page.content.decode().count('name="woord-kind-belangenver"') == 1
    stale = client.post(
        address("words", region, made), {"seen_version": made.version - 1, "woord-streams-buurt": "residents"}
    )
    assert stale.status_code == 409
    assert '<option value="residents" selected>' in stale.content.decode()
    answer = client.post(
        address("words", region, made), {"seen_version": made.version, "woord-streams-buurt": "residents"}
    )
    assert answer.status_code == 302
    every = {"rijen": "alle"}
    text = page_text(client.get(address("import", region, made), every))
    assert "Al gekozen (1)" in text
    assert "Stromen: Buurt · wordt: burgerparticipatie" in text
    say(made, user, {STREAM: LEFT_OUT})
    text = page_text(client.get(address("import", region, made), every))
    assert "Stromen: Buurt · wordt: niets" in text


def test_words_are_shown_as_text(client: Client, region: Region, user: User) -> None:
    made = checked(
        region, user, text_file([["Naam", "Rol"], ["Raad", "<script>x</script>"], ["Kring", "?!"]])
    )
    page = client.get(address("import", region, made)).content.decode()
    assert "<script>x" not in page
    say(made, user, {("role", "?!"): LEFT_OUT})
    assert fates(made) == [Fate.WRONG, Fate.NEW]


@pytest.mark.parametrize("rows", [1, 3])
def test_saying_it_takes_the_same_queries_however_many_rows(
    region: Region, user: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = checked(
        region, user, text_file([["Naam", "Rol"], *([f"Raad {each}", "anders"] for each in range(rows))])
    )
    read = RowReader()
    said: dict[str, Any] = {"meanings": {("role", "anders"): "system"}, "seen_version": made.version}
    with django_assert_num_queries(17):
        say_meanings(import_id=made.pk, **said, read=read, words=read.words, actor=user, at=AT)
