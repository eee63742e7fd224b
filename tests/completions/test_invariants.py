"""Each rule of completing that is broken by hand in the database is named, with its row (rule 42)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from completions import invariants
from completions.files import stored_files
from completions.models import CompletionFile, CompletionPoint, CompletionRequest
from reviews.domain.withdrawing import withdraw_review
from tests.breaking import check_constraint, copy_of, force, named
from tests.factories.completing import (
    ANSWERED_AT,
    ASKED_AT,
    LAST_DAY,
    completed,
    drafted,
    open_to_officer,
    waiting,
    with_file,
)
from tests.factories.moments import AT
from tests.factories.scenarios import after_deadline, assigned, committee, judged, open_to
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def request_of(case: Any) -> CompletionRequest:
    return CompletionRequest.objects.get(application=case)


def broken_rows() -> list[Any]:
    return [
        (waiting, lambda case: force(case, awaits_completion_until=None), _WAITS),
        (waiting, lambda case: force(case, awaits_completion_until=LAST_DAY + timedelta(days=1)), _WAITS),
        (completed, lambda case: force(case, awaits_completion_until=LAST_DAY), _WAITS),
        (
            waiting,
            lambda case: force(request_of(case), asked_at=AT - timedelta(days=1)),
            "was asked of what was not submitted",
        ),
        (completed, _without_points, "was asked without a point"),
        (completed, _unanswered, "was sent with a point that is not answered"),
    ]


_WAITS = "waits for a completion otherwise than was asked"


def _without_points(case: Any) -> CompletionRequest:
    request = request_of(case)
    draft = CompletionRequest.objects.create(
        application=open_to_officer(), saved_at=AT, saved_by=case.applicant
    )
    return force(
        draft, asked_at=ASKED_AT, asked_by=request.asked_by, last_day=LAST_DAY, lapsed_at=ANSWERED_AT
    )


def _unanswered(case: Any) -> CompletionRequest:
    force(request_of(case).points.get(number=2), answer="")
    return request_of(case)


@pytest.mark.parametrize("number", range(6))
def test_what_is_broken_by_hand_is_named(number: int) -> None:
    build, act, sentence = broken_rows()[number]
    case = build()
    assert list(invariants.violations()) == []
    row = act(case)
    assert [each for each in invariants.violations() if each.sentence == sentence] == named(42, sentence, row)


def test_a_review_that_came_in_while_it_waits_is_named() -> None:
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    assignment = force(case.assignments.order_by("pk")[0], completed_at=at)
    force(case, awaits_completion_until=LAST_DAY)
    sentence = "was completed while the application waits for its completion"
    found = [each for each in invariants.violations() if each.sentence == sentence]
    assert found == named(42, sentence, assignment)


BREAKS: dict[str, tuple[type[Any], Callable[[Any], Any]]] = {
    "completion_asked_as_a_whole": (
        CompletionRequest,
        lambda case: force(request_of(case), asked_by=None),
    ),
    "completion_sent_after_it_was_asked": (
        CompletionRequest,
        lambda case: force(request_of(case), sent_at=ASKED_AT - timedelta(days=1)),
    ),
    "completion_sent_or_lapsed": (
        CompletionRequest,
        lambda case: force(request_of(case), lapsed_at=ANSWERED_AT),
    ),
    "completion_answers_saved_as_a_whole": (
        CompletionRequest,
        lambda case: force(request_of(case), answers_saved_by=None),
    ),
    "completion_point_asks_something": (
        CompletionPoint,
        lambda case: force(request_of(case).points.get(number=1), question=""),
    ),
    "completion_point_once_per_number": (
        CompletionPoint,
        lambda _case: [first := drafted(open_to_officer()).points.get(number=1), copy_of(first)],
    ),
    "completion_file_has_its_digest": (
        CompletionFile,
        lambda case: force(CompletionFile.objects.get(), sha256="none"),
    ),
    "completion_file_once_per_point": (
        CompletionFile,
        lambda _case: [first := with_file(waiting()), copy_of(first)],
    ),
}


def test_every_constraint_of_completions_is_among_these() -> None:
    assert set(BREAKS) == set(invariants._CONSTRAINTS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_it_and_a_row_that_breaks_it_is_named(name: str) -> None:
    model, act = BREAKS[name]
    case = completed()
    check_constraint(invariants, name, model, lambda: act(case))


def test_the_database_refuses_to_change_what_was_asked_or_sent() -> None:
    """Rule 42."""
    request = request_of(waiting())
    point = request.points.get(number=1)
    for change in (
        lambda: CompletionRequest.objects.filter(pk=request.pk).update(explanation="Anders."),
        lambda: CompletionRequest.objects.filter(pk=request.pk).update(last_day=LAST_DAY + timedelta(days=1)),
    ):
        with refused_by("asked_completion_never_changes"):
            change()
    for change in (
        lambda: CompletionPoint.objects.filter(pk=point.pk).update(question="Anders?"),
        lambda: CompletionPoint.objects.filter(pk=point.pk).delete(),
        lambda: CompletionPoint.objects.create(request=request, number=3, question="Nog iets?"),
    ):
        with refused_by("asked_point_never_changes"):
            change()
    case = completed()
    with refused_by("asked_completion_never_changes"):
        CompletionRequest.objects.filter(application=case).update(reminded_days_before=2)
    with refused_by("asked_point_never_changes"):
        CompletionPoint.objects.filter(request__application=case).update(answer="Anders.")
    for change in (
        lambda: CompletionFile.objects.update(title="Anders"),
        lambda: CompletionFile.objects.get().delete(),
    ):
        with refused_by("sent_file_never_changes"):
            change()


def test_a_draft_is_changed_freely() -> None:
    case = open_to_officer()
    drafted(case)
    assert drafted(case, points=[("", "Anders?")], seen=1).version == 2


def test_a_constraint_is_refused_within_the_database_too() -> None:
    draft = drafted(open_to_officer())
    with pytest.raises(IntegrityError, match="completion_point_asks_something"), transaction.atomic():
        CompletionPoint.objects.filter(request=draft).update(question="")


def test_its_files_are_verified() -> None:
    case = completed()
    stored = CompletionFile.objects.get()
    assert [tuple(each) for each in stored_files()] == [
        ("completion file", stored.pk, case.reference, stored.stored_as, stored.sha256)
    ]


def test_what_was_judged_and_taken_back_before_it_was_asked_is_named() -> None:
    case = assigned()
    at = after_deadline(case, days=1)
    assignment = case.assignments.order_by("pk")[0]
    judged(assignment, at=at)
    withdraw_review(
        assignment_id=assignment.pk,
        reason="Een vergissing.",
        seen_version=1,
        actor=assignment.reviewer,
        at=at,
    )
    CompletionRequest.objects.create(
        application=case,
        saved_at=at,
        saved_by=case.applicant,
        asked_at=at + timedelta(days=1),
        asked_by=case.applicant,
        last_day=LAST_DAY,
        lapsed_at=at + timedelta(days=2),
    )
    sentence = "was completed before the application was asked to be completed"
    found = [each for each in invariants.violations() if each.sentence == sentence]
    assert found == named(42, sentence, assignment.review.withdrawals.get())
