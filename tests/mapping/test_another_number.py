"""Another KvK number, in the cell of a row as in its form (rule 26)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from mapping.models import MapEntry
from organisations.models import Organisation
from organisations.queries import organisations_in, representations_of
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped, save
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
