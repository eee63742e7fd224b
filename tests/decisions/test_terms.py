"""Terms stand on a clock that the office sees (rule 36), and tell nothing of what is closed (rule 26)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.domain.signing import extend_signing
from applications.domain.submitting import withdraw
from applications.models import Application, ReadingAccess
from decisions.enums import TermKind, TermState
from decisions.terms import number_of_terms, state_at, terms_of
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_moment
from letters.models import Letter
from tests.decided_world import send
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def officer() -> User:
    return person(Role.OFFICER)


def listed(user: User, at: datetime = AT, kind: TermKind | None = None) -> list[tuple[Any, ...]]:
    found = terms_of(user, at=at, kind=kind, page=None, size=50)
    return [
        (each.kind.value, each.application.reference, each.last_day, each.state.value)
        for each in found.object_list
    ]


def award_of(case: Application) -> date:
    assert case.review_round is not None
    return case.review_round.award_expected_on


@pytest.mark.parametrize(
    ("before", "state"),
    [
        (timedelta(days=7, seconds=1), TermState.RUNNING),
        (timedelta(days=7), TermState.WITHIN_A_WEEK),
        (timedelta(days=1, seconds=1), TermState.WITHIN_A_WEEK),
        (timedelta(days=1), TermState.WITHIN_A_DAY),
        (A_SECOND, TermState.WITHIN_A_DAY),
        (timedelta(0), TermState.PASSED),
        (-timedelta(days=400), TermState.PASSED),
    ],
)
def test_a_term_is_soon_within_a_week_and_within_a_day_and_passed_when_it_ends(
    before: timedelta, state: TermState
) -> None:
    """Rule 36."""
    assert state_at(AT, at=AT - before) == state


def test_the_day_told_at_receipt_runs_through_that_day_until_the_letter_is_sent(officer: User) -> None:
    """Rule 36."""
    case = scenarios.submitted()
    scenarios.open_to(case, officer, at=AT)
    award = award_of(case)
    assert listed(officer) == [("decide", case.reference, award, "running")]
    (term,) = terms_of(officer, at=AT, kind=None, page=None, size=50).object_list
    # Eight weeks after Wednesday 1 May.
    assert term.eight_weeks_end_on == date(2024, 6, 26)
    over = local_moment(award + timedelta(days=1))
    assert listed(officer, over - A_SECOND) == [("decide", case.reference, award, "within_a_day")]
    assert listed(officer, over) == [("decide", case.reference, award, "passed")]
    produced = scenarios.produced(case)
    # Made is not sent.
    assert [each[0] for each in listed(officer, over)] == ["decide"]
    send(produced.decision.letter)
    assert [each[0] for each in listed(officer, over)] == ["object"]


def test_a_term_to_sign_ends_with_the_last_signature_and_moves_when_the_office_gives_more_time(
    officer: User,
) -> None:
    """Rules 10 and 36."""
    case = scenarios.submitted(signed=False)
    scenarios.open_to(case, officer, at=AT)
    kind = TermKind.SIGN
    assert listed(officer, kind=kind) == [("sign", case.reference, date(2024, 5, 8), "within_a_week")]
    due = AT + timedelta(days=7)
    assert listed(officer, due, kind=kind)[0][3] == "passed"
    extend_signing(application_id=case.pk, actor=officer, at=due)
    assert listed(officer, due, kind=kind) == [("sign", case.reference, date(2024, 5, 15), "within_a_week")]
    scenarios.sign(case, at=due)
    assert listed(officer, due, kind=kind) == []


def test_a_term_to_object_is_listed_until_what_was_posted_in_time_has_arrived(officer: User) -> None:
    """Rule 36; Awb 6:9 lid 2."""
    case = scenarios.produced()
    send(case.decision.letter)
    scenarios.open_to(case, officer)
    last = Letter.objects.get(decision__application=case).objection_deadline_on
    assert last is not None
    over = local_moment(last + timedelta(days=1))
    assert listed(officer, over - A_SECOND) == [("object", case.reference, last, "within_a_day")]
    assert listed(officer, over) == [("object", case.reference, last, "passed")]
    assert listed(officer, over + timedelta(days=6, hours=23)) == [("object", case.reference, last, "passed")]
    assert listed(officer, over + timedelta(days=7)) == []


def test_what_ends_first_stands_first_and_what_was_withdrawn_has_no_term(officer: User) -> None:
    first, second, third = scenarios.several_submitted(3, signed=False)
    for each in (first, second, third):
        scenarios.open_to(each, officer, at=AT)
    Application.objects.filter(pk=second.pk).update(signing_extended_until=AT + timedelta(days=3))
    withdraw(application_id=third.pk, actor=third.applicant, at=AT)
    assert [(each[0], each[1]) for each in listed(officer)] == [
        ("sign", second.reference),
        ("sign", first.reference),
        ("decide", first.reference),
        ("decide", second.reference),
    ]


def test_of_what_is_closed_neither_a_row_nor_a_number_tells(client: Client, officer: User) -> None:
    """Rules 14, 26 and 36."""
    opened, closed = scenarios.several_submitted(2, signed=False)
    scenarios.open_to(opened, officer, at=AT)
    log_in(client, officer)

    def seen() -> tuple[str, dict[TermState, int]]:
        at = AT + timedelta(days=6, hours=1)
        with at_moment(at):
            return page_text(client.get(reverse("admin:terms"))), number_of_terms(officer, at=at)

    before = seen()
    assert closed.reference not in before[0]
    assert (opened.reference in before[0], before[1][TermState.WITHIN_A_DAY]) == (True, 1)
    Application.objects.filter(pk=closed.pk).update(signing_extended_until=AT + timedelta(hours=1))
    assert seen() == before
    scenarios.open_to(closed, officer, at=AT)
    assert (closed.reference in seen()[0], seen()[1][TermState.PASSED]) == (True, 1)
    ReadingAccess.objects.filter(application=closed, user=officer).update(revoked_at=AT)
    assert seen() == before


def test_the_first_page_of_the_office_counts_what_passed_or_ends_soon(client: Client, officer: User) -> None:
    """Rule 36."""
    cases = scenarios.several_submitted(3, signed=False)
    for each, days in zip(cases, (1, 3, 20), strict=True):
        scenarios.open_to(each, officer, at=AT)
        until = AT + timedelta(days=days)
        Application.objects.filter(pk=each.pk).update(signing_extended_until=until)
    at = AT + timedelta(days=2)
    assert number_of_terms(officer, at=at) == {
        TermState.WITHIN_A_WEEK: 0,
        TermState.WITHIN_A_DAY: 1,
        TermState.PASSED: 1,
    }
    log_in(client, officer)
    with at_moment(at):
        shown = page_text(client.get(reverse("admin:index")))
    assert "1 Termijnen om te besluiten of te ondertekenen die voorbij zijn" in shown
    assert "die binnen een dag aflopen" in shown
    assert "die binnen een week aflopen" not in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_rows(
    client: Client, officer: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in scenarios.several_submitted(count, signed=False):
        scenarios.open_to(each, officer, at=AT)
    log_in(client, officer)
    with at_moment(AT), django_assert_num_queries(6):
        assert client.get(reverse("admin:terms")).status_code == 200
    with django_assert_num_queries(1):
        number_of_terms(officer, at=AT)
