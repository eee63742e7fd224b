"""Where one lands after logging in: what one can do, and what waits."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory
from tests.factories.paying import give, officer_of, send_back, told
from tests.factories.scenarios import (
    advised,
    decided,
    reviewed,
    several_submitted,
    started,
    submitted,
    written,
)
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def start_page(client: Client, user: Any) -> Any:
    log_in(client, user)
    with at_moment(AT):
        return client.get(reverse("website:start"))


def links(response: Any) -> list[str]:
    return [item["url"] for item in response.context["navigation"]]


def test_visitor_is_asked_to_log_in(client: Client) -> None:
    address = reverse("website:start")
    assert client.get(address)["Location"] == f"{reverse('account_login')}?next={address}"


def test_newcomer_is_told_to_add_an_organisation(client: Client) -> None:
    response = start_page(client, UserFactory.create())
    assert reverse("organisations:claim") in response.content.decode()
    assert links(response) == [
        reverse(name)
        for name in (
            "website:start",
            "coalitions:list",
            "applications:list",
            "organisations:my_organisations",
            "website:map",
            "website:calls",
        )
    ]


def test_visitor_sees_regions_calls_and_help(client: Client) -> None:
    response = client.get(reverse("website:map"))
    assert links(response) == [reverse(f"website:{name}") for name in ("map", "calls", "help")]
    assert [item["url"] for item in response.context["navigation"] if item["current"]] == [
        reverse("website:map")
    ]


def test_kwartiermaker_sees_the_assigned_regions_alone(client: Client) -> None:
    mine = KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER))
    KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER))
    response = start_page(client, mine.user)
    assert list(response.context["regions"]) == [mine.region]
    assert reverse("mapping:regions") in links(response)
    assert reverse("admin:index") not in links(response)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.OFFICER, Role.RELEASER, Role.ADMINISTRATOR])
def test_staff_is_pointed_to_its_own_dashboard(client: Client, role: Role) -> None:
    response = start_page(client, person(role))
    assert reverse("admin:index") in links(response)
    assert reverse("mapping:regions") not in links(response)


def test_applicant_sees_the_own_draft_waiting_and_not_that_of_others(client: Client) -> None:
    mine, other = written(), started(coalition_name="Van anderen")
    response = start_page(client, mine.applicant)
    addresses = [each["url"] for each in response.context["waiting"]]
    assert addresses == [reverse("applications:overview", args=[mine.reference])]
    assert other.reference not in response.content.decode()


def test_unsigned_declaration_waits_until_both_signed(client: Client) -> None:
    case = submitted(signed=False)
    response = start_page(client, case.applicant)
    addresses = [each["url"] for each in response.context["waiting"]]
    assert addresses == [reverse("applications:status", args=[case.reference])]
    signed = submitted()
    assert start_page(client, signed.applicant).context["waiting"] == []


def test_the_account_of_a_grant_waits_for_who_can_give_it_until_one_does(client: Client) -> None:
    case = told()
    account = reverse("decisions:bank_account", args=[case.reference])

    def waits(user: Any) -> bool:
        return account in [each["url"] for each in start_page(client, user).context["waiting"]]

    partner = UserFactory.create()
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
    assert (waits(case.applicant), waits(partner)) == (True, False)
    given = give(case)
    assert not waits(case.applicant)
    send_back(given, officer_of(case))
    assert waits(case.applicant)


@pytest.mark.parametrize("count", [1, 3])
def test_start_takes_the_same_queries_however_many_applications(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    first = several_submitted(1, signed=False)[0]
    for each in range(count - 1):
        submitted(
            signed=False,
            lead=first.lead,
            applicant=first.applicant,
            region=first.coalition.region,
            coalition_name=f"Coalitie {each}",
        )
    log_in(client, first.applicant)
    with at_moment(AT), django_assert_num_queries(15):
        client.get(reverse("website:start"))


@pytest.mark.parametrize("signed", [True, False])
def test_the_page_does_not_change_while_committee_and_office_work(client: Client, signed: bool) -> None:
    """Rules 22 and 26: the advice and the decision show with the letter."""
    case = reviewed(submitted(signed=signed))
    seen = [page_text(start_page(client, case.applicant))]
    for step in (advised, decided) if signed else (advised,):
        case = step(case)
        seen.append(page_text(start_page(client, case.applicant)))
    assert "In beoordeling" in seen[0]
    assert ("handtekening" in seen[0].lower()) is not signed
    assert seen == seen[:1] * len(seen)
