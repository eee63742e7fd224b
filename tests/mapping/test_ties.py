"""Ties between organisations of the map: written down, carried over, told to who may know both, public with both ends."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from mapping.domain.merging import merge_organisations
from mapping.domain.ties import end_tie, tie_organisations
from mapping.domain.unmerging import undo_merge
from mapping.enums import TieKind
from mapping.models import Tie
from mapping.ties import ties_of
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import RegionFactory
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create()
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker(region)
    log_in(client, user)
    return user


def tie(one: Organisation, other: Organisation, kind: TieKind, region: Region, actor: User) -> Tie:
    return tie_organisations(one_id=one.pk, other_id=other.pk, kind=kind, region=region, actor=actor, at=AT)


def test_a_client_council_is_part_of_one_hospital(region: Region, mapper: User) -> None:
    council = organisation_in(region, name="Cliëntenraad", role="life")
    hospital, other = organisation_in(region, name="Ziekenhuis", role="system"), organisation_in(region)
    for _twice in range(2):
        made = tie(council, hospital, TieKind.PART_OF, region, mapper)
    assert list(Tie.objects.all()) == [made]
    assert made.joins_worlds
    with pytest.raises(RuleViolation):
        tie(council, other, TieKind.PART_OF, region, mapper)
    with pytest.raises(RuleViolation):
        tie(council, council, TieKind.ADVISES, region, mapper)
    tie(council, other, TieKind.WORKS_WITH, region, mapper)
    for _twice in range(2):
        end_tie(organisation_id=council.pk, tie_id=made.pk, region=region, actor=mapper, at=AT)
    assert Tie.objects.count() == 1
    events = AuditEvent.objects.filter(act__in=["mapping.tied", "mapping.untied"]).order_by("pk")
    assert [(each.act, each.facts) for each in events] == [
        ("mapping.tied", {"organisation": hospital.pk, "kind": "part_of"}),
        ("mapping.tied", {"organisation": other.pk, "kind": "works_with"}),
        ("mapping.untied", {"organisation": hospital.pk, "kind": "part_of"}),
    ]


def test_who_may_not_know_the_other_end_neither_makes_nor_sees_a_tie(region: Region, mapper: User) -> None:
    """Rules 22 and 26."""
    elsewhere = RegionFactory.create()
    both = kwartiermaker(region, elsewhere)
    here, hidden = organisation_in(region), organisation_in(elsewhere)
    with pytest.raises(NotAllowed):
        tie(here, hidden, TieKind.ADVISES, region, mapper)
    with pytest.raises(NotAllowed):
        tie(hidden, here, TieKind.ADVISES, elsewhere, mapper)
    made = tie(here, hidden, TieKind.ADVISES, region, both)
    assert ties_of(here, both) == [made]
    assert ties_of(here, mapper) == []
    Organisation.objects.filter(pk=hidden.pk).update(published_at=AT)
    assert ties_of(here, mapper) == [made]


def test_ties_go_along_when_two_are_merged_and_back(region: Region, mapper: User) -> None:
    one, other = organisation_in(region, kvk_number=""), organisation_in(region)
    third = organisation_in(region)
    ties = [
        tie(one, third, TieKind.ADVISES, region, mapper),
        tie(other, third, TieKind.ADVISES, region, mapper),
        tie(third, one, TieKind.PART_OF, region, mapper),
        tie(one, other, TieKind.WORKS_WITH, region, mapper),
    ]
    ends = [(each.one_id, each.other_id) for each in ties]
    values: dict[str, Any] = {"one_id": one.pk, "other_id": other.pk, "chosen": {}}
    merged = merge_organisations(region=region, **values, actor=mapper, at=AT)
    assert {(each.one_id, each.other_id) for each in ties_of(other, mapper)} == {
        (other.pk, third.pk),
        (third.pk, other.pk),
    }
    undo_merge(merge_id=merged.pk, region=region, actor=mapper, at=AT)
    assert list(Tie.objects.order_by("pk").values_list("one", "other")) == ends


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "tie_once_per_kind"),
        ({"kind": "part_of"}, "tie_to_one_host"),
        ({"kind": "other"}, "tie_of_a_known_kind"),
        ({"other": "itself"}, "tie_of_two_organisations"),
    ],
)
def test_the_database_refuses_what_is_no_tie(
    region: Region, mapper: User, values: dict[str, Any], name: str
) -> None:
    one, other = organisation_in(region), organisation_in(region)
    tie(one, other, TieKind.ADVISES, region, mapper)
    tie(one, organisation_in(region), TieKind.PART_OF, region, mapper)
    row = {"one": one, "other": other, "kind": "advises", "created_at": AT, **values}
    row["other"] = one if row["other"] == "itself" else row["other"]
    with refused_by(name), transaction.atomic():
        Tie.objects.create(**row)


class TestPages:
    def test_add_show_and_end_a_tie(self, client: Client, region: Region, mapper: User) -> None:
        one, other = organisation_in(region, name="Raad"), organisation_in(region, name="Ziekenhuis Oost")
        address = reverse("mapping:tie", args=[region.slug, one.map_key])
        assert client.post(f"{address}?zoek=oost", {"other": str(other.map_key)}).status_code == 422
        form = reverse("mapping:organisation", args=[region.slug, one.map_key])
        answer = client.post(f"{address}?zoek=oost", {"other": str(other.map_key), "kind": "part_of"})
        assert answer.headers["Location"] == form
        assert "Raad hoort bij Ziekenhuis Oost" in page_text(client.get(form))
        made = Tie.objects.get()
        client.post(reverse("mapping:end_tie", args=[region.slug, one.map_key, made.pk]))
        assert not Tie.objects.exists()

    def test_visitors_see_a_tie_of_which_both_ends_are_public(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 23."""
        one = organisation_in(region, name="Raad", published_at=AT)
        other = organisation_in(region, name="Ziekenhuis Oost")
        tie(one, other, TieKind.PART_OF, region, mapper)
        page = reverse("website:region", args=[region.slug])
        client.logout()
        assert "Ziekenhuis Oost" not in page_text(client.get(page))
        Organisation.objects.filter(pk=other.pk).update(published_at=AT)
        assert "Hoort bij Ziekenhuis Oost" in page_text(client.get(page))

    @pytest.mark.parametrize("count", [1, 3])
    def test_of_searching_asks_as_much_for_three_as_for_one(
        self,
        client: Client,
        region: Region,
        mapper: User,
        django_assert_num_queries: DjangoAssertNumQueries,
        count: int,
    ) -> None:
        one = organisation_in(region, name="Alfa")
        for each in range(count):
            other = organisation_in(region, name=f"Bravo {each}")
            tie(one, other, TieKind.ADVISES, region, mapper)
        with django_assert_num_queries(9):
            page = client.get(reverse("mapping:tie", args=[region.slug, one.map_key]), {"zoek": "bravo"})
        assert len(page.context["others"]) == count

    def test_grid_shows_of_whom_it_is_part_and_its_ties_and_leads_to_where_they_are_written(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        council = organisation_in(region, name="Cliëntenraad & Co", role="life")
        hospital = organisation_in(region, name="Ziekenhuis Oost", role="system")
        third = organisation_in(region, name="Dorpsraad", role="life")
        tie(council, hospital, TieKind.PART_OF, region, mapper)
        tie(third, council, TieKind.ADVISES, region, mapper)
        grid = reverse("mapping:workspace", args=[region.slug])
        assert cells(client, grid) == {
            "Cliëntenraad &amp; Co": ("Ziekenhuis Oost", "Dorpsraad adviseert deze"),
            "Dorpsraad": ("", "adviseert Cliëntenraad &amp; Co"),
            "Ziekenhuis Oost": ("", "Cliëntenraad &amp; Co hoort bij deze (tussen werelden)"),
        }
        assert list(cells(client, f"{grid}?band=no")) == ["Dorpsraad"]
        assert len(cells(client, f"{grid}?band=yes")) == 2
        page = reverse("mapping:tie", args=[region.slug, third.map_key])
        shown = client.get(page, {"soort": "part_of", "zoek": "oost", "next": grid})
        assert shown.context["form"]["kind"].initial == "part_of"
        assert "Dorpsraad adviseert Cliëntenraad & Co" in page_text(shown)
        typed = {"other": str(hospital.map_key), "kind": "part_of", "next": grid}
        answer = client.post(f"{page}?zoek=oost", typed)
        assert answer.headers["Location"] == f"{grid}#rij-{third.map_key}"
        assert cells(client, grid)["Dorpsraad"] == ("Ziekenhuis Oost", "adviseert Cliëntenraad &amp; Co")
        ended = reverse("mapping:end_tie", args=[region.slug, third.map_key, Tie.objects.latest("pk").pk])
        assert client.post(ended, {"next": page}).headers["Location"] == page

    def test_grid_and_its_filter_tell_nothing_of_a_tie_to_whom_one_may_not_know(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 26."""
        elsewhere = RegionFactory.create()
        here = organisation_in(region, name="Raad", role="life")
        hidden = organisation_in(elsewhere, name="Geheim", role="system")
        tie(here, hidden, TieKind.PART_OF, region, kwartiermaker(region, elsewhere))
        grid = reverse("mapping:workspace", args=[region.slug])
        assert cells(client, grid) == cells(client, f"{grid}?band=no") == {"Raad": ("", "")}
        file = client.get(reverse("imports:export_text", args=[region.slug])).content.decode()
        assert ("Raad" in file, "Geheim" in file) == (True, False)
        Organisation.objects.filter(pk=hidden.pk).update(published_at=AT)
        assert cells(client, f"{grid}?band=yes") == {"Raad": ("Geheim", "")}


def cells(client: Client, address: str) -> dict[str, tuple[str, str]]:
    """Return what the grid shows of whom each row is part, and of its other ties."""
    rows = client.get(address).context["page"]
    texts = [{each.column.field: str(each.text) for each in row.cells} for row in rows]
    return {each["name"]: (each["host"], each["ties"]) for each in texts}
