"""Numbers tell nothing of an application that is closed to who reads them, at any step of it (rules 14 and 26)."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.enums import Outcome
from calls.models import Call, ReviewRound
from decisions.domain.deciding import AboveCeiling, record_decision
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from reviews.domain.interests import declare_interest
from tests.decided_world import send
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import (
    advised,
    after_deadline,
    committee,
    decided,
    open_to,
    produced,
    reviewed,
    several_submitted,
)
from tests.pages import page_text

pytestmark = pytest.mark.django_db

HANDLERS = (Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER)


def shown_to(client: Client, case: Any) -> dict[str, str]:
    """Return what the pages with numbers and statuses say to who is logged in, and how long they are."""
    round_page = reverse("admin:round", args=[case.call.slug, case.review_round.number])
    pages = {
        "start": reverse("admin:index"),
        "rounds": reverse("admin:rounds"),
        "round": round_page,
        "round by score": f"{round_page}?volgorde=score",
    }
    return {name: page_text(client.get(address)) for name, address in pages.items()}


def with_interest(case: Any, user: User) -> None:
    declare_interest(application_id=case.pk, has_interest=True, explanation="Buur.", actor=user, at=AT)


@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.REJECTED])
@pytest.mark.parametrize("role", HANDLERS)
def test_no_step_of_a_closed_application_changes_a_number_or_a_status(
    client: Client, role: Role, outcome: Outcome
) -> None:
    closed, opened = several_submitted(2)
    # The chair of the committee of these tests is somebody else.
    committee()
    user = person(role)
    reviewed(closed)
    decided(opened, granted=30_000)
    open_to(opened, user)
    with_interest(closed, user)
    log_in(client, user)
    before = shown_to(client, closed)
    for step in (advised, decided, produced):
        step(closed, outcome=outcome)
        assert shown_to(client, closed) == before, step
    send(closed.decision.letter)
    assert shown_to(client, closed) == before
    assert "30.000,00" in before["rounds"]
    assert "Besloten" not in before["start"]


@pytest.mark.parametrize("role", HANDLERS)
def test_granted_and_rejected_look_the_same_before_interests_are_declared(client: Client, role: Role) -> None:
    granted, rejected = several_submitted(2)
    committee()
    user = person(role)
    decided(granted)
    decided(rejected, outcome=Outcome.REJECTED)
    log_in(client, user)
    seen = shown_to(client, granted)
    produced(granted)
    produced(rejected)
    # What no longer waits for a decision or a release leaves the start page; what it became is not told.
    assert {name: text for name, text in shown_to(client, granted).items() if name != "start"} == {
        name: text for name, text in seen.items() if name != "start"
    }
    rows = client.get(reverse("admin:round", args=[granted.call.slug, granted.review_round.number])).context[
        "rows"
    ]
    assert {str(each.status.label) for each in rows} == {"in beoordeling"}


def test_numbers_say_how_many_applications_they_leave_out(client: Client) -> None:
    closed, opened, _undeclared = (produced(each) for each in several_submitted(3))
    user = person(Role.DEPUTY)
    open_to(opened, user)
    with_interest(closed, user)
    log_in(client, user)
    call = client.get(reverse("admin:rounds")).context["page"][0]
    first = call.counted_rounds[0]
    assert (call.granted, call.left, call.closed) == (48_000, call.ceiling - 48_000, 2)
    assert (first.submitted, first.sealed, first.advised, first.decided, first.letters) == (3, 3, 1, 1, 1)
    assert Call.objects.get(pk=call.pk).granted_total == 144_000
    assert re.search(r"\b2 aanvragen\b", page_text(client.get(reverse("admin:rounds"))))


def test_what_is_left_to_decide_on_leaves_out_what_is_closed(client: Client) -> None:
    closed, opened, waiting = several_submitted(3)
    committee()
    officer = person(Role.OFFICER)
    ReviewRound.objects.filter(pk=waiting.review_round_id).update(ceiling=Decimal(200_000))
    advised(waiting)
    decided(opened, granted=20_000)
    for each in (opened, waiting):
        open_to(each, officer)
    with_interest(closed, officer)
    log_in(client, officer)
    address = reverse("admin:decision", args=[waiting.reference])
    before = client.get(address)
    decided(closed, granted=30_000)
    after = client.get(address)
    budget = after.context["budget"]
    assert (budget.left, budget.left_of_round, budget.closed) == (1_530_000, 180_000, 1)
    assert page_text(after) == page_text(before)


def grant(case: Any, officer: User) -> Any:
    return record_decision(
        application_id=case.pk,
        advice_id=case.advice.pk,
        outcome=Outcome.GRANTED,
        amount=Decimal(48_000),
        reasons="Goed.",
        actor=officer,
        at=after_deadline(case, days=30),
    )


def test_refusal_above_the_ceiling_tells_what_is_left_only_to_whom_nothing_is_closed() -> None:
    closed, waiting = several_submitted(2)
    ReviewRound.objects.filter(pk=waiting.review_round_id).update(ceiling=Decimal(70_000))
    decided(closed)
    advised(waiting)
    knows, has_interest = committee().officer, person(Role.OFFICER)
    open_to(waiting, knows, has_interest)
    with_interest(closed, has_interest)
    with pytest.raises(AboveCeiling, match=r"22\.000,00"):
        grant(waiting, knows)
    with pytest.raises(AboveCeiling) as refusal:
        grant(waiting, has_interest)
    assert not re.search(r"\d", str(refusal.value))


@pytest.mark.parametrize("count", [1, 3])
def test_numbers_take_the_same_queries_however_many_applications_and_calls(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    officer = committee().officer
    for each in several_submitted(count):
        decided(each)
    log_in(client, officer)
    with django_assert_num_queries(6):
        assert client.get(reverse("admin:rounds")).context["page"][0].granted == 48_000 * count
