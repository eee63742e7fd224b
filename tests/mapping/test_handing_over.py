"""Regions are assigned and handed over with what is open, and whoever gets one is mailed (rules 22 and 26)."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from mapping.assignment_queries import regions_with_kwartiermakers, regions_without_kwartiermaker
from mapping.domain.assignments import assign_region, change_regions
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.rows import MapFacts
from mapping.models import KwartiermakerAssignment
from organisations.domain.organisations import OrganisationFacts
from people.models import MappedPerson
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.agreeing import asked, asked_correction_of
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in, waiting_person
from tests.factories.regions import RegionFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


def held(region: Region) -> set[int]:
    return set(KwartiermakerAssignment.objects.filter(region=region).values_list("user", flat=True))


def mails() -> list[tuple[str, str]]:
    return [(each.kind, each.recipient) for each in OutgoingMail.objects.order_by("pk")]


def busy(region: Region, mapper: User) -> MappedPerson:
    """Leave something of each kind open in a region."""
    talk = MapFacts(talk="contacted", next_on=date(2024, 5, 2))
    row = add_to_map(
        facts=OrganisationFacts("Kring met datum (fictief)"), region=region, more=talk, actor=mapper, at=AT
    )
    asked(row, region, mapper)
    card = add_to_map(facts=OrganisationFacts("Openbare kring (fictief)"), region=region, actor=mapper, at=AT)
    publish_organisation(organisation_id=card.pk, actor=mapper, at=AT)
    asked_correction_of(publish_organisation(organisation_id=card.pk, actor=mapper, at=AT), region)
    return waiting_person(region, mapper)


def test_administrators_are_told_once_what_somebody_hands_over_and_can_give_it_back(region) -> None:
    administrator, mapper, successor = (
        person(Role.ADMINISTRATOR),
        kwartiermaker_in(region),
        person(Role.KWARTIERMAKER),
    )
    for _click in range(2):
        with suppress(NotAllowed):
            assign_region(region=region, user=successor, instead_of=mapper, actor=mapper, at=AT)
    told = OutgoingMail.objects.get(kind="region_handed_over")
    assert (told.recipient, mapper.email in told.body, successor.email in told.body) == (
        administrator.email,
        True,
        True,
    )
    assign_region(region=region, user=mapper, instead_of=successor, actor=administrator, at=AT)
    assert (held(region), OutgoingMail.objects.filter(kind="region_handed_over").count()) == ({mapper.pk}, 1)


def test_assigning_mails_the_person_once_with_the_regions_that_are_new(region) -> None:
    administrator, user, other = (
        person(Role.ADMINISTRATOR),
        person(Role.KWARTIERMAKER),
        RegionFactory.create(),
    )
    for _click in range(2):
        change_regions(user=user, regions=[region, other], actor=administrator, at=AT)
    assert mails() == [("region_assigned", user.email)]
    body = OutgoingMail.objects.get().body
    assert (region.name in body, other.name in body) == (True, True)
    change_regions(user=user, regions=[other], actor=administrator, at=AT)
    assert len(mails()) == 1


def test_who_maps_a_region_hands_it_over_and_no_longer_sees_it(region) -> None:
    mapper, successor = kwartiermaker_in(region), person(Role.KWARTIERMAKER)
    for _click in range(2):
        assign_region(region=region, user=successor, instead_of=mapper, actor=mapper, at=AT)
    assert held(region) == {successor.pk}
    assert mails() == [("region_assigned", successor.email)]
    acts = AuditEvent.objects.filter(subject_type="regions.region").order_by("pk")
    assert [(each.act, each.facts["user"], each.actor_id) for each in acts] == [
        ("mapping.region_assigned", successor.pk, mapper.pk),
        ("mapping.region_withdrawn", mapper.pk, mapper.pk),
    ]


def test_nobody_gives_away_a_region_of_somebody_else_or_adds_one(region) -> None:
    mapper, successor = kwartiermaker_in(region), person(Role.KWARTIERMAKER)
    stranger = kwartiermaker_in(RegionFactory.create())
    for actor, instead_of in ((stranger, mapper), (mapper, None), (stranger, stranger), (person(), None)):
        with pytest.raises(NotAllowed):
            assign_region(region=region, user=successor, instead_of=instead_of, actor=actor, at=AT)
    with pytest.raises(RuleViolation):
        assign_region(region=region, user=person(Role.OFFICER), instead_of=mapper, actor=mapper, at=AT)
    with pytest.raises(RuleViolation):
        assign_region(region=region, user=mapper, instead_of=mapper, actor=mapper, at=AT)
    assert (held(region), mails()) == ({mapper.pk}, [])


def test_the_successor_reads_what_is_open_and_the_one_before_does_not(client, region) -> None:
    mapper, successor = kwartiermaker_in(region), person(Role.KWARTIERMAKER)
    somebody = busy(region, mapper)
    log_in(client, mapper)
    with at_moment(AT + timedelta(minutes=5)):
        page = page_text(client.get(reverse("website:hand_over", args=[region.slug])))
        for each in ("Kring met datum (fictief)", "Openbare kring (fictief)", "2 mei 2024", somebody.name):
            assert each in page
        where = reverse("website:hand_over", args=[region.slug])
        assert client.post(where, {"user": successor.pk}).status_code == 422
        assert client.post(where, {"user": successor.pk, "is_sure": "on"}).status_code == 302
        assert client.get(reverse("website:open_items", args=[region.slug])).status_code == 404
        log_in(client, successor)
        assert "Lees wat openstaat in Het Midden" in page_text(client.get(reverse("website:start")))
        assert somebody.name in page_text(client.get(reverse("website:open_items", args=[region.slug])))


def test_where_nobody_can_take_it_over_the_page_says_so_and_asks_nothing(client, region) -> None:
    mapper = kwartiermaker_in(region)
    # Maps it already.
    KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER), region=region)
    log_in(client, mapper)
    where = reverse("website:hand_over", args=[region.slug])
    for page in (client.get(where), client.post(where, {"is_sure": "on"})):
        assert "Niemand kan deze regio nu overnemen" in page_text(page)
        assert "Draag de regio over" not in page_text(page)
    person(Role.KWARTIERMAKER)
    refused = page_text(client.post(where, {"is_sure": "on"}))
    assert "Kies wie de regio overneemt." in refused
    assert "Draag de regio over" in refused


def test_what_is_open_in_another_region_is_not_told(client, region) -> None:
    here, there = kwartiermaker_in(region), RegionFactory.create()
    both = kwartiermaker_in(there)
    KwartiermakerAssignmentFactory.create(user=both, region=region)
    busy(there, both)
    for user in (here, both):
        log_in(client, user)
        with at_moment(AT + timedelta(minutes=5)):
            page = page_text(client.get(reverse("website:open_items", args=[region.slug])))
        assert "Er staat niets open." in page


def test_the_administrator_sees_regions_without_a_kwartiermaker_first_and_assigns_one(client, region) -> None:
    RegionFactory.create(name="Aan Zee", sort_name="aan zee")
    left, administrator = RegionFactory.create(name="Bos", sort_name="bos"), person(Role.ADMINISTRATOR)
    mapper, gone = kwartiermaker_in(region), kwartiermaker_in(left)
    gone.role_grants.all().delete()
    names = [each.name for each in regions_with_kwartiermakers()]
    assert (names.index("Het Midden"), {each.name for each in regions_without_kwartiermaker()}) == (
        len(names) - 1,
        set(names) - {"Het Midden"},
    )
    log_in(client, administrator, second_factor=True)
    text = page_text(client.get(reverse("admin:regions")))
    assert text.index("Bos") < text.index("Het Midden")
    where = reverse("admin:assign_region", args=[left.slug])
    assert client.post(where, {"user": ""}).status_code == 422
    assert client.post(where, {"user": mapper.pk, "instead_of": gone.pk}).status_code == 302
    assert (held(left), mails()) == ({mapper.pk}, [("region_assigned", mapper.email)])


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_however_much_is_open(
    client: Client, region: Region, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    mapper: Any = kwartiermaker_in(region)
    for number in range(count):
        talk = MapFacts(talk="contacted", next_on=date(2024, 5, 2))
        facts = OrganisationFacts(f"Kring {number} (fictief)")
        row = add_to_map(facts=facts, region=region, more=talk, actor=mapper, at=AT)
        asked(row, region, mapper, email=f"kring{number}@kring.example")
        kwartiermaker_in(RegionFactory.create())
    log_in(client, mapper)
    with at_moment(AT + timedelta(minutes=5)), django_assert_num_queries(18):
        client.get(reverse("website:open_items", args=[region.slug]))
    log_in(client, person(Role.ADMINISTRATOR), second_factor=True)
    with django_assert_num_queries(5):
        client.get(reverse("admin:regions"))
