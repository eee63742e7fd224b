"""What a typed organisation may be already: found by name, other name, website and number, among what one may know of."""

from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.organisations import add_to_map
from mapping.enums import SameBy
from mapping.finding import Typed, doubles_of, host_of
from mapping.models import MapEntry
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in
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


def known(region: Region, name: str, **facts: Any) -> Organisation:
    return organisation_in(region, name=name, kvk_number=facts.pop("kvk_number", ""), **facts)


def found(region: Region, user: User, *, is_typing: bool = False, **typed: str) -> list[tuple[str, SameBy]]:
    typed.setdefault("name", "")
    doubles = doubles_of(Typed(**typed), region=region, user=user, is_typing=is_typing)
    return [(each.organisation.name, each.by) for each in doubles]


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ({"name": "Stichting Zorgbelang-Midden"}, SameBy.NAME),
        ({"name": "zorgbelang midden"}, SameBy.NAME),
        ({"name": "Zorgbelang Middn"}, SameBy.ALIKE),
        ({"name": "Midden Zorgbelang"}, SameBy.ALIKE),
        ({"name": "ZBM"}, SameBy.OTHER_NAME),
        ({"name": "Iets anders", "other_names": "Oude Raad, zorgbelang midden"}, SameBy.OTHER_NAME),
        ({"name": "Iets anders", "website": "http://zorgbelang.example/over-ons"}, SameBy.WEBSITE),
        ({"name": "Iets anders", "kvk_number": "12345678"}, SameBy.NUMBER),
    ],
)
def test_it_is_known_by_name_other_name_website_and_number(
    region: Region, mapper: User, typed: dict[str, str], by: SameBy
) -> None:
    known(
        region,
        "Zorgbelang Midden",
        other_names="ZBM, Patiëntenraad",
        website="https://www.zorgbelang.example/",
        kvk_number="12345678",
    )
    known(region, "Wijkraad Zuid", website="https://wijkraad.example/", kvk_number="87654321")
    assert found(region, mapper, **typed) == [("Zorgbelang Midden", by)]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Wijkraad 2"},
        {"name": "Wijkraad Noord"},
        {"name": "Stichting"},
        {"name": "Raad", "website": "https://facebook.com/raad"},
        {"name": "Zorg"},
        {"name": ""},
    ],
)
def test_another_one_is_not_asked_about(region: Region, mapper: User, typed: dict[str, str]) -> None:
    known(region, "Wijkraad 1", website="https://www.facebook.com/wijkraad")
    known(region, "Zorgbelang Midden")
    assert found(region, mapper, **typed) == []


def test_while_one_types_the_beginning_is_enough(region: Region, mapper: User) -> None:
    known(region, "Zorgbelang Midden")
    assert found(region, mapper, name="Stichting zorgb") == []
    assert found(region, mapper, name="Stichting zorgb", is_typing=True) == [
        ("Zorgbelang Midden", SameBy.ALIKE)
    ]


def test_nothing_of_the_map_of_somebody_else_is_told(region: Region, mapper: User) -> None:
    """Rule 26."""
    elsewhere, mine_too = RegionFactory.create(), RegionFactory.create()
    KwartiermakerAssignmentFactory.create(user=mapper, region=mine_too)
    typed = {"name": "Zorgbelang Oost", "website": "https://oost.example", "kvk_number": "12345678"}
    hidden = known(elsewhere, "Zorgbelang Oost", website="https://oost.example", kvk_number="12345678")
    # Who takes part in a coalition alone is on no map.
    OrganisationFactory.create(
        name="Zorgbelang Oost", mapped_at=None, municipality=region.municipalities.get()
    )
    assert found(region, mapper, **typed) == []
    Organisation.objects.filter(pk=hidden.pk).update(published_at=AT)
    assert found(region, mapper, **typed) == [("Zorgbelang Oost", SameBy.NUMBER)]
    Organisation.objects.filter(pk=hidden.pk).update(published_at=None)
    hidden.works_in.add(mine_too)
    assert found(region, mapper, **typed) == [("Zorgbelang Oost", SameBy.NUMBER)]
    assert doubles_of(Typed("Zorgbelang Oost"), region=region, user=person(Role.KWARTIERMAKER)) == []


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.raad.example/a?b", "raad.example"),
        ("raad.example", "raad.example"),
        ("https://nl-nl.facebook.com/raad", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_website(website: str, host: str) -> None:
    assert host_of(website) == host


class TestAddingARow:
    def add(self, client: Client, region: Region, *, script: bool = False, **typed: str) -> Any:
        headers = {"Accept": "application/json"} if script else {}
        return client.post(reverse("mapping:add_row", args=[region.slug]), typed, headers=headers)

    def test_what_may_be_the_same_is_asked_and_the_name_is_kept(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 12."""
        row = known(region, "Wijkraad Zuid")
        key = "6f0c9c8e-5f0e-4a52-9d39-0b0f6a2c1a11"
        page = self.add(client, region, name="wijkraad zuid", key=key)
        assert page.status_code == 422
        text = page.content.decode()
        assert "Is het een van deze?" in page_text(page)
        assert 'value="wijkraad zuid"' in text and f'value="{key}"' in text
        assert f'value="{row.map_key}"' in text
        answer = self.add(client, region, script=True, name="wijkraad zuid")
        assert (answer.status_code, "Wijkraad Zuid" in answer.json()["doubles"]) == (422, True)
        assert organisations_in(region).count() == 1

    def test_another_one_is_added(self, client: Client, region: Region, mapper: User) -> None:
        known(region, "Wijkraad Zuid")
        assert self.add(client, region, name="Wijkraad Zuid", another="yes").status_code == 302
        assert self.add(client, region, script=True, name="Wijkraad Zuid", another="yes").status_code == 200
        assert organisations_in(region).count() == 3

    def test_the_one_that_is_meant_comes_on_the_map_and_is_shown(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        row = known(RegionFactory.create(), "Wijkraad Zuid", published_at=AT)
        workspace = reverse("mapping:workspace", args=[region.slug])
        answer = self.add(
            client, region, name="Wijkraad Zuid", take=str(row.map_key), next=f"{workspace}?zoek=raad"
        )
        assert answer.headers["Location"] == f"{workspace}?zoek=raad#rij-{row.map_key}"
        assert list(organisations_in(region)) == [row]
        again = self.add(client, region, name="Wijkraad Zuid", take=str(row.map_key))
        assert (again.status_code, MapEntry.objects.count()) == (302, 1)

    @pytest.mark.parametrize("take", ["x", "", "0", "9" * 30, "²"])
    def test_what_nobody_offered_is_not_found(
        self, client: Client, region: Region, mapper: User, take: str
    ) -> None:
        assert self.add(client, region, name="Wijkraad Zuid", take=take).status_code == 404

    def test_nobody_takes_what_they_may_not_know_of(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 22."""
        hidden = known(RegionFactory.create(), "Wijkraad Zuid")
        assert self.add(client, region, name="Wijkraad Zuid", take=str(hidden.map_key)).status_code == 404
        assert client.post(reverse("mapping:take", args=[region.slug, hidden.map_key])).status_code == 404
        assert not organisations_in(region).exists()


class TestAddingByTheForm:
    TYPED: ClassVar = {
        "name": "Wijkraad Zuid",
        "website": "https://zuid.example",
        "notes": "Bellen",
        "talk": "to_call",
    }

    def add(self, client: Client, region: Region, **typed: str) -> Any:
        return client.post(reverse("mapping:add_organisation", args=[region.slug]), {**self.TYPED, **typed})

    def test_what_may_be_the_same_is_asked_and_all_that_was_typed_is_kept(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 12."""
        known(region, "Wijkraad Zuid")
        page = self.add(client, region)
        assert page.status_code == 422
        assert "Is het een van deze?" in page_text(page)
        assert {name: page.context["form"][name].value() for name in self.TYPED} == self.TYPED
        assert self.add(client, region, another="yes").status_code == 302
        assert organisations_in(region).count() == 2

    def test_what_was_typed_fills_in_what_was_not_known_and_overwrites_nothing(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 12."""
        row = known(region, "Wijkraad Zuid", public_contact="info@zuid.example", role="life")
        answer = self.add(
            client,
            region,
            take=str(row.map_key),
            public_contact="ik@zuid.example",
            role="system",
            reaches="Middelstad",
        )
        page = client.get(answer.headers["Location"].partition("#")[0])
        assert "Rol (systeemwereld); Openbaar contact (ik@zuid.example)" in page_text(page)
        row.refresh_from_db()
        entry = MapEntry.objects.get(organisation=row, region=region)
        assert (row.website, row.public_contact, row.changed_by) == (
            "https://zuid.example",
            "info@zuid.example",
            mapper,
        )
        assert [each.name for each in row.reaches.all()] == ["Middelstad"]
        assert (entry.talk, entry.notes) == ("to_call", "Bellen")


def test_what_is_typed_is_offered(
    client: Client, region: Region, mapper: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("mapping:doubles", args=[region.slug])
    assert client.get(address, {"name": "Wijk"}).content.strip() == b""
    known(region, "Wijkraad Alfa")
    # Session, person, region, what may be the same, and which of them is here or in the bin.
    with django_assert_num_queries(7):
        client.get(address, {"name": "Wijk"})
    known(region, "Wijkraad Bravo")
    known(region, "Wijkraad Charlie")
    with django_assert_num_queries(7):
        page = client.get(address, {"name": "Wijk", "form": "add-row"})
    assert [each.organisation.name for each in page.context["doubles"]] == [
        "Wijkraad Alfa",
        "Wijkraad Bravo",
        "Wijkraad Charlie",
    ]


def test_what_is_already_there_is_offered_of_a_row_that_was_added_by_name(
    region: Region, mapper: User
) -> None:
    add_to_map(facts=OrganisationFacts("Wijkraad Zuid"), region=region, actor=mapper, at=AT)
    assert found(region, mapper, name="Wijkraad Zuid") == [("Wijkraad Zuid", SameBy.NAME)]
