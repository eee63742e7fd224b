"""The grid of a region: filtered, searched and ordered by its address, saved per cell, and the same without a script."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.rows import MapFacts
from mapping.models import MapEntry
from organisations.domain.kinds import load_kinds
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation, OrganisationKind
from organisations.queries import organisations_in, representations_of
from regions.models import Region
from regions.names import sort_name
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import page_text

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


def mapped(name: str, region: Region, actor: User, *, notes: str = "", **facts: Any) -> Organisation:
    more = MapFacts(frozenset(facts.pop("reaches", [])), notes=notes)
    return add_to_map(facts=OrganisationFacts(name, **facts), region=region, more=more, actor=actor, at=AT)


def shown(client: Client, region: Region, asked: dict[str, str] | None = None) -> list[str]:
    page = client.get(reverse("mapping:workspace", args=[region.slug]), asked or {})
    return [each.organisation.name for each in page.context["page"]]


def save(client: Client, row: Organisation, region: Region, *, script: bool = True, **typed: Any) -> Any:
    page = reverse("mapping:save_cell", args=[region.slug, row.map_key])
    headers = {"Accept": "application/json"} if script else {}
    return client.post(page, {"seen_version": "1", **typed}, headers=headers)


def add(client: Client, region: Region, *, script: bool = True, **typed: str) -> Any:
    headers = {"Accept": "application/json"} if script else {}
    return client.post(reverse("mapping:add_row", args=[region.slug]), typed, headers=headers)


@pytest.mark.parametrize("way", ["cell", "form"])
class TestAnotherNumber:
    """Rule 26: a number tells nothing, in the cell as in the form."""

    def renumbered(self, way: str, client: Client, region: Region, row: Organisation, number: str) -> Any:
        if way == "cell":
            return save(client, row, region, field="kvk_number", value=number)
        page = reverse("mapping:organisation", args=[region.slug, row.map_key])
        typed = {"name": row.name, "reaches": "Middelstad", "talk": "talked", "notes": "Bellen"}
        typed |= {"legal_form": "foundation", "municipality": "GM9901"}
        return client.post(page, {**typed, "kvk_number": number, "seen_version": "1"})

    @pytest.fixture
    def row(self, region: Region, mapper: User) -> Organisation:
        row = mapped(
            "Zorgkring (fictief)",
            region,
            mapper,
            kvk_number="12345678",
            legal_form="foundation",
            municipality=region.municipalities.get(),
        )
        row.reaches.set(region.municipalities.all())
        MapEntry.objects.update(talk="talked", notes="Bellen")
        return row

    @pytest.mark.parametrize("is_held", [True, False])
    @pytest.mark.parametrize("is_known", [True, False])
    def test_is_taken_whoever_named_it_or_the_one_before_and_all_of_the_map_goes_along(
        self,
        client: Client,
        region: Region,
        row: Organisation,
        way: str,
        *,
        is_held: bool,
        is_known: bool,
    ) -> None:
        speakers = [speaker_for(row)] if is_held else []
        if is_known:
            speakers.append(
                speaker_for(OrganisationFactory.create(kvk_number="99999999", name="Geheim", mapped_at=None))
            )
        before = {each: representations_of(each).get() for each in speakers}
        answer = self.renumbered(way, client, region, row, "99999999")
        now = organisations_in(region).get()
        assert (now.name, now.kvk_number, now.version) == (row.name, "99999999", 2)
        assert [each.name for each in now.reaches.all()] == ["Middelstad"]
        entry = MapEntry.objects.get()
        assert (entry.organisation, entry.region, entry.talk, entry.notes) == (
            now,
            region,
            "talked",
            "Bellen",
        )
        if way == "cell":
            assert (answer.status_code, answer.json()["version"]) == (200, 2)
            assert f'id="rij-{now.map_key}"' in answer.json()["row"]
        else:
            assert (answer.status_code, answer["Location"].rpartition("#")[2]) == (302, f"rij-{now.map_key}")
        for each, named in before.items():
            kept = representations_of(each).get()
            assert (kept, kept.stated_name, kept.organisation.kvk_number) == (
                *(named, named.stated_name),
                named.organisation.kvk_number,
            )
        assert list(every_violation()) == []

    def test_of_another_organisation_that_is_public_is_refused_at_its_field(
        self, client: Client, region: Region, row: Organisation, way: str
    ) -> None:
        OrganisationFactory.create(kvk_number="99999999", published_at=AT)
        answer = self.renumbered(way, client, region, row, "99999999")
        sentence = "Er is al een organisatie met dit KvK-nummer."
        assert answer.status_code == 422
        assert sentence in (answer.json()["message"] if way == "cell" else page_text(answer))
        assert organisations_in(region).get().kvk_number == "12345678"


class TestOneCell:
    @pytest.mark.parametrize(
        ("field", "typed", "kept"),
        [
            ("name", "De Nieuwe Kring", "De Nieuwe Kring"),
            ("streams", ["residents", "patients"], ["patients", "residents"]),
            ("role", "life", "life"),
            ("reach", "province", "province"),
            ("neighbourhood", "De Hoek", "De Hoek"),
            ("domains", ["youth", "care"], ["care", "youth"]),
            ("kvk_number", "1234 5678", "12345678"),
            ("website", "zorgkring.example", "https://zorgkring.example"),
            ("public_contact", "info@zorgkring.example", "info@zorgkring.example"),
            ("talk", "talked", "talked"),
            ("next_on", "03-05-2024", date(2024, 5, 3)),
            ("notes", "Bellen\r\nna de zomer", "Bellen\nna de zomer"),
        ],
    )
    def test_is_saved_by_itself(  # noqa: PLR0917 -- pytest passes them by name
        self, client: Client, region: Region, row: Organisation, field: str, typed: Any, kept: Any
    ) -> None:
        answer = save(client, row, region, field=field, value=typed)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        row.refresh_from_db()
        holder = MapEntry.objects.get() if field in {"talk", "next_on", "notes"} else row
        assert getattr(holder, field) == kept
        again = save(client, row, region, field=field, value=typed)
        assert (again.status_code, again.json()["version"]) == (200, 2)

    def test_can_be_a_kind_or_places(self, client: Client, region: Region, row: Organisation) -> None:
        load_kinds(settings.BASE_DIR / "fixtures")
        assert save(client, row, region, field="kind", value="client-council").status_code == 200
        answer = save(client, row, region, field="reaches", value="middelstad", seen_version="2")
        assert "Middelstad" in answer.json()["row"]
        row.refresh_from_db()
        assert row.kind == OrganisationKind.objects.get(code="client-council")
        assert [each.code for each in row.reaches.all()] == ["GM9901"]

    def test_publishes_and_takes_back(self, client: Client, region: Region, row: Organisation) -> None:
        """Rule 23."""
        page = reverse("website:region", args=[region.slug])
        save(client, row, region, field="public_contact", value="info@zorgkring.example")
        assert save(client, row, region, field="public", value="yes", seen_version="2").status_code == 200
        text = page_text(Client().get(page))
        assert (row.name in text, "info@zorgkring.example" in text) == (True, True)
        assert save(client, row, region, field="public", value="no", seen_version="3").status_code == 200
        assert row.name not in page_text(Client().get(page))

    def test_publishes_nothing_that_was_not_shown(
        self, client: Client, region: Region, row: Organisation
    ) -> None:
        """Rule 30."""
        save(client, row, region, field="public_contact", value="info@zorgkring.example")
        # Somebody else wrote that; this page still shows the row of before.
        answer = save(client, row, region, field="public", value="yes", was="no", seen_version="1")
        row.refresh_from_db()
        assert (answer.status_code, row.published_at) == (409, None)
        assert "info@zorgkring.example" in answer.json()["row"]

    def test_publishes_nothing_by_its_button_that_was_not_shown(
        self, client: Client, region: Region, row: Organisation
    ) -> None:
        page = reverse("mapping:workspace", args=[region.slug])
        [shown] = re.findall(r'name="seen_version"\s+value="(\d+)"', client.get(page).content.decode())
        save(client, row, region, field="public_contact", value="info@zorgkring.example")
        publish = reverse("mapping:publish", args=[region.slug, row.map_key])
        refused = client.post(publish, {"seen_version": shown}, follow=True)
        row.refresh_from_db()
        assert ("Kijk het opnieuw na" in page_text(refused), row.published_at) == (True, None)
        [shown] = re.findall(r'name="seen_version"\s+value="(\d+)"', refused.content.decode())
        # The second click changes nothing.
        for _click in range(2):
            assert client.post(publish, {"seen_version": shown}).status_code == 302
        row.refresh_from_db()
        assert row.published_at is not None

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("name", ""),
            ("name", "\u200b"),
            ("name", "x" * 151),
            ("kind", "unheard-of"),
            ("streams", ["patients", "fish"]),
            ("reaches", "Nergenshuizen"),
            ("kvk_number", "1234"),
            ("website", "javascript:alert(1)"),
            ("next_on", "31-02-2024"),
            ("talk", "shouted"),
            ("public", "perhaps"),
        ],
    )
    def test_that_cannot_be_is_refused_with_a_sentence(
        self, client: Client, region: Region, row: Organisation, field: str, typed: Any
    ) -> None:
        answer = save(client, row, region, field=field, value=typed)
        assert (answer.status_code, bool(answer.json()["message"])) == (422, True)
        row.refresh_from_db()
        assert row.version == 1

    @pytest.mark.parametrize("field", ["pk", "legal_form", "mapped_at", "", "missing"])
    def test_that_is_none_of_the_grid_is_no_request(
        self, client: Client, region: Region, row: Organisation, field: str
    ) -> None:
        assert save(client, row, region, field=field, value="x").status_code == 422

    def test_over_a_newer_one_is_not_saved_and_both_are_told(
        self, client: Client, region: Region, row: Organisation
    ) -> None:
        """Rule 12."""
        colleague = person(Role.KWARTIERMAKER)
        KwartiermakerAssignmentFactory.create(user=colleague, region=region)
        save_cell(
            organisation_id=row.pk,
            region=region,
            field="website",
            value="https://een.example",
            seen_version=1,
            actor=colleague,
            at=AT,
        )
        typed = {"field": "website", "value": "https://twee.example", "was": ""}
        answer = save(client, row, region, **typed)
        assert (answer.status_code, answer.json()["by"]) == (409, colleague.full_name)
        assert "https://een.example" in answer.json()["row"]
        # Another cell of the same row is as it was shown.
        assert save(client, row, region, field="role", value="life", was="").status_code == 200
        # Without a word of what was shown, the version decides.
        assert save(client, row, region, field="role", value="system").status_code == 409
        row.refresh_from_db()
        assert (row.website, row.role) == ("https://een.example", "life")
        settled = save(client, row, region, **{**typed, "was": "https://een.example"})
        assert settled.status_code == 200

    def test_without_a_script_leads_back_to_its_row(
        self, client: Client, region: Region, row: Organisation
    ) -> None:
        back = reverse("mapping:workspace", args=[region.slug]) + "?stroom=patients"
        saved = save(client, row, region, script=False, field="role", value="life", next=back)
        assert (saved.status_code, saved["Location"]) == (302, f"{back}#rij-{row.map_key}")
        refused = save(client, row, region, script=False, field="reach", value="world", next=back)
        form = reverse("mapping:organisation", args=[region.slug, row.map_key])
        assert refused["Location"].startswith(f"{form}?next=")


class TestANewRow:
    def test_needs_a_name_alone_and_twice_the_same_adds_nothing(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        key = str(uuid4())
        answers = [add(client, region, name="Buurtkring", key=key) for _click in range(2)]
        assert [each.status_code for each in answers] == [200, 200]
        assert Organisation.objects.get().name == "Buurtkring"
        assert f'id="rij-{Organisation.objects.get().map_key}"' in answers[1].json()["row"]

    def test_without_a_name_keeps_what_was_typed(self, client: Client, region: Region, mapper: User) -> None:
        assert add(client, region, name=" ").status_code == 422
        refused = add(client, region, script=False, name="Kijk op https://advert.example")
        assert (refused.status_code, "Kijk op https://advert.example" in refused.content.decode()) == (
            422,
            True,
        )
        assert not Organisation.objects.exists()

    def test_without_a_script_leads_to_its_row(self, client: Client, region: Region, mapper: User) -> None:
        added = add(client, region, script=False, name="Buurtkring", key="no key")
        place = reverse("mapping:workspace", args=[region.slug])
        assert added["Location"] == f"{place}#rij-{Organisation.objects.get().map_key}"


def test_nobody_else_saves_a_cell_or_adds_a_row(client: Client, region: Region, row: Organisation) -> None:
    """Rule 22."""
    elsewhere = RegionFactory.create()
    for user in (person(Role.KWARTIERMAKER), speaker_for(organisation_in(region))):
        KwartiermakerAssignmentFactory.create(user=user, region=elsewhere)
        stranger = Client()
        log_in(stranger, user)
        assert save(stranger, row, region, field="role", value="life").status_code == 404
        assert save(stranger, row, elsewhere, field="role", value="life").status_code == 404
        assert add(stranger, region, name="Kring").status_code == 404


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
        mapped(f"Kring {number}", region, mapper, reaches=[town], notes="Notitie", streams=["councils"])
    with django_assert_num_queries(11):
        client.get(reverse("mapping:workspace", args=[region.slug]))


def test_region_of_2000_organisations_shows_500_within_eleven_queries(
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
    with django_assert_num_queries(11):
        page: HttpResponse = client.get(reverse("mapping:workspace", args=[region.slug]), {"page": "2"})
    text = page.content.decode()
    assert (text.count('<tr id="rij-'), "Kring 0500" in text, "Kring 0499" in text) == (500, True, False)
