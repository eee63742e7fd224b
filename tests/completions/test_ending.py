"""Terms to complete that pass unused, and the reminders before (rules 36 and 42)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from applications.domain.submitting import withdraw
from completions.domain.ending import end_term_to_complete, remind_of_completion
from completions.models import CompletionRequest
from completions.queries import to_end, to_remind_of
from completions.tasks import end_terms_to_complete, remind_of_completions
from hubportal.audit.models import AuditEvent
from hubportal.kernel.clock import local_moment
from hubportal.mail.models import OutgoingMail
from hubportal.settings import SEALING_GRACE_SECONDS
from reviews.domain.assigning import assign_reviewers
from tests.factories.completing import (
    ANSWERED_AT,
    ASKED_AT,
    DAYS,
    LAST_DAY,
    asked,
    completed,
    open_to_officer,
    still_until,
    waiting,
    written,
)
from tests.factories.scenarios import (
    after_deadline,
    assigned,
    committee,
    judged,
    judgements,
    open_to,
    sealed,
)
from tests.pages import at_moment

pytestmark = pytest.mark.django_db

# What arrived in the last second may be under way so long (rule 2).
END = local_moment(LAST_DAY + timedelta(days=1)) + timedelta(seconds=SEALING_GRACE_SECONDS)


def test_a_term_that_passed_unused_ends_once_and_both_sides_are_told() -> None:
    case = waiting()
    written(case)
    assert (end(case, END - timedelta(seconds=1)), end(case, END), end(case, END)) == (False, True, False)
    case.refresh_from_db()
    request = CompletionRequest.objects.get()
    assert (request.state, request.lapsed_at, case.awaits_completion_until) == ("lapsed", END, None)
    # It stood still from the end of the round until the last day (Awb 4:15).
    assert case.suspended_days == still_until(case, LAST_DAY)
    assert kinds_of(at=END) == ["completion_lapsed", "completion_lapsed_office"]
    assert AuditEvent.objects.filter(act="completions.lapsed").count() == 1


def end(case: Any, at: datetime) -> bool:
    return end_term_to_complete(application_id=case.pk, at=at)


def kinds_of(*, at: datetime) -> list[str]:
    mails = OutgoingMail.objects.filter(kind__startswith="completion_", queued_at=at)
    return sorted(mails.values_list("kind", flat=True))


def test_nobody_is_told_of_what_was_withdrawn_meanwhile() -> None:
    case = waiting()
    withdraw(application_id=case.pk, actor=case.applicant, at=ANSWERED_AT)
    assert end(case, END) is True
    assert (kinds_of(at=END), CompletionRequest.objects.get().state) == ([], "lapsed")


def test_what_was_completed_does_not_end() -> None:
    case = completed()
    assert (list(to_end(at=END)), end(case, END)) == ([], False)


def test_it_is_judged_once_the_term_is_over() -> None:
    """Rule 42."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    asked(case, at=at, last_day=at.date() + timedelta(days=DAYS))
    later = at + timedelta(days=DAYS + 1)
    assert end(case, later) is True
    told = OutgoingMail.objects.filter(kind="completion_over_reviewer")
    assert {each.recipient for each in told} == {each.reviewer.email for each in case.assignments.all()}
    assignment = case.assignments.order_by("pk")[0]
    judged(assignment, judgements(case), at=later)
    assignment.refresh_from_db()
    assert assignment.completed_at == later


def test_a_reviewer_who_did_not_declare_anything_yet_is_told_nothing() -> None:
    """Rules 14 and 26: not even that something was asked."""
    case = sealed()
    committee(reviewers=case.call.reviewers_per_application)
    at = after_deadline(case, days=1)
    assert case.review_round is not None
    assign_reviewers(round_id=case.review_round.pk, at=at)
    declared, _undeclared = (each.reviewer for each in case.assignments.order_by("pk"))
    open_to(case, declared, committee().officer, at=at)
    asked(case, at=at, last_day=at.date() + timedelta(days=DAYS))
    assert end(case, at + timedelta(days=DAYS + 1)) is True
    told = OutgoingMail.objects.filter(kind="completion_over_reviewer")
    assert [each.recipient for each in told] == [declared.email]


def test_a_week_and_two_days_before_the_last_day_they_are_reminded_once() -> None:
    """Rule 36."""
    case = waiting()
    request = CompletionRequest.objects.get()
    reminded = [(left, sorted(remind(request, days_before=left))) for left in (DAYS, 8, 7, 7, 5, 2, 2, 1, 0)]
    both = ["completion_reminder", "completion_reminder_others"]
    assert [(left, sorted(set(kinds))) for left, kinds in reminded if kinds] == [(7, both), (2, both)]
    assert AuditEvent.objects.filter(act="completions.reminded").count() == 2
    assert case.reference in OutgoingMail.objects.filter(kind="completion_reminder")[0].body


def remind(request: CompletionRequest, *, days_before: int) -> list[str]:
    at = local_moment(LAST_DAY - timedelta(days=days_before), 9, days_before)
    before = OutgoingMail.objects.count()
    remind_of_completion(request_id=request.pk, at=at)
    return list(OutgoingMail.objects.order_by("pk")[before:].values_list("kind", flat=True))


def test_who_answered_withdrew_or_is_asked_today_is_not_reminded() -> None:
    near = local_moment(LAST_DAY - timedelta(days=1), 9)
    completed()
    assert list(to_remind_of(at=near)) == []
    case = waiting()
    withdraw(application_id=case.pk, actor=case.applicant, at=ANSWERED_AT)
    assert list(to_remind_of(at=near)) == []


def test_a_term_of_a_week_is_reminded_of_two_days_before_alone() -> None:
    case = open_to_officer()
    request = asked(case, last_day=LAST_DAY - timedelta(days=DAYS - 7))
    assert list(to_remind_of(at=ASKED_AT)) == []
    near = local_moment(LAST_DAY - timedelta(days=DAYS - 5), 9)
    assert list(to_remind_of(at=near)) == [request]


def test_the_sweeps_do_it() -> None:
    waiting()
    with at_moment(local_moment(LAST_DAY - timedelta(days=2), 9)):
        remind_of_completions()
    assert CompletionRequest.objects.get().reminded_days_before == 2
    with at_moment(END):
        end_terms_to_complete()
    assert CompletionRequest.objects.get().state == "lapsed"
