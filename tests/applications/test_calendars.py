"""Deadlines as calendar files: for who may read the application, and replaced when they are shifted (RFC 5545)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from applications.domain.signing import signature_due_at
from applications.domain.submitting import withdraw
from calls.models import ReviewRound
from hubportal.kernel import clock
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT, FIRST_DEADLINE, LAST_DEADLINE
from tests.factories.scenarios import started, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> None:
    at(AT)


def at(moment: Any) -> None:
    offset = moment - datetime.now(UTC)
    clock.move_with(lambda: offset)


def answer(client: Any, case: Any) -> Any:
    return client.get(reverse("applications:calendar", args=[case.reference]))


def event_of(content: bytes) -> Any:
    [event] = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_a_draft_has_the_deadline_of_the_round_that_it_is_written_for(client) -> None:
    case = started()
    log_in(client, case.applicant)
    found = answer(client, case)
    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert found.headers["Content-Disposition"] == f'attachment; filename="{case.reference}.ics"'
    first = event_of(found.content)
    assert (first["UID"], first["SUMMARY"]) == (
        f"{case.reference}-deadline@localhost",
        f"Deadline ronde 1: {case.call.title}",
    )
    assert first["DTSTART"].dt == FIRST_DEADLINE
    assert b"DTSTART:20240514T120000Z\r\n" in found.content
    # The next round, in the place of the first.
    at(FIRST_DEADLINE)
    second = event_of(answer(client, case).content)
    assert (second["UID"], second["DTSTART"].dt) == (first["UID"], case.call.rounds.get(number=2).deadline_at)
    at(LAST_DEADLINE)
    assert answer(client, case).status_code == 404


def test_a_shifted_deadline_replaces_what_stood_in_the_calendar(client) -> None:
    case = started()
    log_in(client, case.applicant)
    before = event_of(answer(client, case).content)
    earlier = FIRST_DEADLINE - timedelta(days=1)
    ReviewRound.objects.filter(call=case.call, number=1).update(deadline_at=earlier)
    at(AT + timedelta(minutes=1))
    after = event_of(answer(client, case).content)
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], earlier)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_after_submission_it_is_the_last_moment_to_sign_until_both_signed(client) -> None:
    case = submitted(signed=False)
    log_in(client, case.applicant)
    event = event_of(answer(client, case).content)
    assert (event["UID"], event["DTSTART"].dt) == (
        f"{case.reference}-sign@localhost",
        signature_due_at(case),
    )
    page = reverse("applications:status", args=[case.reference])
    address = reverse("applications:calendar", args=[case.reference])
    assert address in client.get(page).content.decode()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert answer(client, case).status_code == 404
    assert address not in client.get(page).content.decode()
    signed = submitted(coalition_name="Getekend (fictief)")
    log_in(client, signed.applicant)
    assert answer(client, signed).status_code == 404


def test_nobody_else_has_it(client) -> None:
    case = started()
    assert answer(client, case).status_code == 302
    log_in(client, UserFactory.create())
    assert answer(client, case).status_code == 404
