"""One cell of the grid, and a new row: each saved by itself, and the same without a script (rules 12, 22, 30 and 32)."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.cells import save_cell
from mapping.models import MapEntry
from organisations.domain.kinds import load_kinds
from organisations.models import Organisation, OrganisationKind
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import add, mapped, save
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
