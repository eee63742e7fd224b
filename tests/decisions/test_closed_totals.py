"""Numbers tell nothing of an application that is closed to who reads them, at any step of it (rules 14 and 26)."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications.domain.submitting import withdraw
from applications.models import Application
from calls.enums import Outcome
from calls.models import Call, ReviewRound
from decisions.domain.deciding import AboveCeiling, record_decision
from decisions.models import Decision
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from reviews.domain.interests import declare_interest
from tests.database import around_acts
from tests.decided_world import send
from tests.decisions.deciding import check_of, confirm, page_of, write
from tests.factories.accounts import log_in, person
from tests.factories.drafts import join
from tests.factories.granting import lowered_to
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.scenarios import (
    advised,
    after_deadline,
    committee,
    decided,
    open_to,
    produced,
    ready,
    reviewed,
    sealed,
    several_submitted,
    submitted,
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


@pytest.mark.parametrize("is_declared", [True, False])
@pytest.mark.parametrize("role", HANDLERS)
def test_withdrawing_a_closed_application_changes_no_number_no_row_and_no_page(
    client: Client, role: Role, is_declared: bool
) -> None:
    closed, opened = (sealed(each) for each in several_submitted(2))
    user = person(role)
    open_to(opened, user)
    if is_declared:
        with_interest(closed, user)
    log_in(client, user)
    pages = {name: reverse(f"admin:{name}") for name in ("to_declare", "placements")}
    pages["declare"] = reverse("admin:declare", args=[closed.reference])
    # What no longer waits for a declaration leaves these, whatever became of it.
    waiting = set() if is_declared else {"start", "to_declare", "placements"}

    def shown() -> dict[str, str]:
        known = {name: page_text(client.get(address)) for name, address in pages.items()}
        return {**shown_to(client, closed), **known}

    before = shown()
    withdraw(application_id=closed.pk, actor=closed.applicant, at=after_deadline(closed, days=2))
    assert {name for name, text in shown().items() if text != before[name]} - waiting == set()


def test_withdrawing_a_closed_application_leaves_what_was_received_beside_another_as_it_was(
    client: Client,
) -> None:
    closed = submitted()
    opened = submitted(ready(call=closed.call, region=closed.coalition.region))
    shared = organisation_in(closed.coalition.region)
    for each in (closed, opened):
        join(each.coalition_id, each.coalition.region, actor=each.applicant, organisation=shared)
    closed, opened = sealed(closed), sealed(opened)
    officer = person(Role.OFFICER)
    open_to(opened, officer)
    with_interest(closed, officer)
    log_in(client, officer)
    pages = (
        reverse("admin:decision", args=[opened.reference]),
        reverse("admin:round", args=[closed.call.slug, 1]),
    )
    before = [page_text(client.get(each)) for each in pages]
    assert closed.reference in before[0]
    assert shared.name in before[1]
    withdraw(application_id=closed.pk, actor=closed.applicant, at=after_deadline(closed, days=2))
    assert [page_text(client.get(each)) for each in pages] == before


@pytest.mark.parametrize("role", HANDLERS)
def test_to_whom_it_is_open_the_round_says_that_it_was_withdrawn(client: Client, role: Role) -> None:
    case = sealed()
    user = person(role)
    open_to(case, user)
    withdraw(application_id=case.pk, actor=case.applicant, at=after_deadline(case, days=2))
    log_in(client, user)
    page = client.get(reverse("admin:round", args=[case.call.slug, case.review_round.number]))
    assert [str(each.status.label) for each in page.context["rows"]] == ["ingetrokken"]
    (address,) = set(re.findall(rf'href="(/beheer/[^"]*/{case.reference}/)"', page.content.decode()))
    assert client.get(address).status_code == 200


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
    shown = client.get(reverse("admin:rounds")).context["page"][0]
    call, first = shown.call, shown.counted_rounds[0]
    assert (shown.granted, shown.left, shown.closed) == (48_000, call.ceiling - 48_000, 2)
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


def grant(case: Any, officer: User, amount: int = 48_000) -> Any:
    return record_decision(
        application_id=case.pk,
        advice_id=case.advice.pk,
        outcome=Outcome.GRANTED,
        amount=Decimal(amount),
        reasons="Goed.",
        deviation="Het kan met minder.",
        lines=lowered_to(case, amount),
        actor=officer,
        at=after_deadline(case, days=30),
    )


def test_refusal_above_the_ceiling_tells_exactly_what_is_left_to_whom_nothing_is_closed() -> None:
    other, waiting = several_submitted(2)
    ReviewRound.objects.filter(pk=waiting.review_round_id).update(ceiling=Decimal(70_000))
    decided(other)
    advised(waiting)
    officer = committee().officer
    open_to(waiting, officer)
    with pytest.raises(AboveCeiling, match=r"22\.000,00"):
        grant(waiting, officer)


BECAME: dict[str, Callable[..., object]] = {
    "undecided": reviewed,
    "advised": partial(advised, granted=10_000),
    "much": decided,
    "little": partial(decided, granted=10_000),
    "rejected": partial(decided, outcome=Outcome.REJECTED),
    "letter made": partial(produced, granted=10_000),
    "withdrawn": lambda case: withdraw(
        application_id=case.pk, actor=case.created_by, at=after_deadline(case, days=2)
    ),
}


def one_closed(*, ceiling: int, declares: bool = True) -> tuple[Any, Any, User]:
    """Return what is closed to an officer, another one of the round to decide on, and the officer."""
    closed, waiting = several_submitted(2)
    ReviewRound.objects.filter(pk=waiting.review_round_id).update(ceiling=Decimal(ceiling))
    committee()
    officer = person(Role.OFFICER)
    if declares:
        with_interest(closed, officer)
    reviewed(closed)
    advised(waiting)
    open_to(waiting, officer)
    return closed, waiting, officer


def after_each(closed: Any, act: Callable[[], object], *, states: Iterable[str] = BECAME) -> dict[str, Any]:
    """Return what an act gives after each of the things that can become of an application; each is undone."""
    told = {}
    for state in states:
        with around_acts():
            BECAME[state](Application.objects.get(pk=closed.pk))
            told[state] = act()
            transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("amount", [19_999, 20_000, 20_001, 45_000])
def test_trying_amounts_tells_nothing_of_what_is_closed(client: Client, amount: int) -> None:
    """Rules 14 and 26: what is refused, and with which words, is the same whatever became of it."""
    closed, waiting, officer = one_closed(ceiling=70_000)
    log_in(client, officer)

    def tried() -> list[Any]:
        answers = [write(client, waiting, amount=str(amount)), client.get(check_of(waiting))]
        answers += [confirm(client, waiting), client.get(check_of(waiting)), client.get(page_of(waiting))]
        assert Decision.objects.filter(application=waiting).exists() == (amount <= 20_000)
        return [
            (each.status_code, each.get("Location"), re.sub(r"\d\d:\d\d", "", page_text(each)))
            for each in answers
        ]

    told = after_each(closed, tried)
    assert {state for state, each in told.items() if each != told["undecided"]} == set()


@pytest.mark.parametrize("amount", [20_000, 20_001])
def test_leaving_interests_undeclared_tells_no_amount_either(amount: int) -> None:
    closed, waiting, officer = one_closed(ceiling=70_000, declares=False)

    def tried() -> str:
        try:
            grant(waiting, officer, amount)
        except AboveCeiling as refusal:
            return str(refusal)
        return ""

    told = after_each(closed, tried, states=("much", "little", "rejected", "letter made"))
    assert len(set(told.values())) == 1
    assert bool(told["much"]) == (amount > 20_000)


def test_what_waits_for_a_declaration_takes_nothing_while_it_is_undecided() -> None:
    _closed, waiting, officer = one_closed(ceiling=48_000, declares=False)
    assert grant(waiting, officer).amount == 48_000


@pytest.mark.parametrize(("outcome", "room"), [(Outcome.GRANTED, 30_000), (Outcome.REJECTED, 40_000)])
def test_what_everybody_may_know_counts_as_it_was_decided(outcome: Outcome, room: int) -> None:
    closed, waiting = several_submitted(2)
    ReviewRound.objects.filter(pk=waiting.review_round_id).update(ceiling=Decimal(40_000))
    committee()
    officer = person(Role.OFFICER)
    with_interest(closed, officer)
    produced(closed, outcome=outcome, granted=10_000)
    advised(waiting)
    open_to(waiting, officer)
    send(closed.decision.letter)
    ReviewRound.objects.filter(pk=waiting.review_round_id).update(settled_at=AT)
    with pytest.raises(AboveCeiling):
        grant(waiting, officer, room + 1)
    assert grant(waiting, officer, room).amount == room


def test_another_officer_records_what_the_closed_one_leaves_room_for() -> None:
    closed, waiting, officer = one_closed(ceiling=58_000)
    decided(closed, granted=10_000)
    with pytest.raises(AboveCeiling, match=r"8\.000,00"):
        grant(waiting, officer)
    colleague = committee().officer
    open_to(waiting, colleague)
    assert grant(waiting, colleague).amount == 48_000


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
