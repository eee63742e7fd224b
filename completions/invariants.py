"""Invariants of what was asked to complete (rule 42)."""

from collections.abc import Iterator

from django.db.models import F, Q

from applications.enums import Status
from completions.models import CompletionRequest
from completions.queries import misjudged_waiting
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from reviews.models import Assignment, WithdrawnReview

_CONSTRAINTS = {
    "completion_asked_as_a_whole": 42,
    "completion_sent_after_it_was_asked": 42,
    "completion_sent_or_lapsed": 42,
    "completion_answers_saved_as_a_whole": 42,
    "completion_point_asks_something": 42,
    "completion_point_once_per_number": 42,
    "completion_file_has_its_digest": 24,
    "completion_file_once_per_point": 42,
}


def violations() -> Iterator[Violation]:
    """Yield what waits otherwise than its request says, what was asked of a draft or without points, and what was judged meanwhile."""
    yield from each_breaks(42, misjudged_waiting(), "waits for a completion otherwise than was asked")
    asked = CompletionRequest.objects.filter(asked_at__isnull=False)
    drafts = asked.filter(Q(application__submitted_at=None) | Q(asked_at__lt=F("application__submitted_at")))
    yield from each_breaks(42, drafts, "was asked of what was not submitted")
    yield from each_breaks(42, asked.filter(points=None), "was asked without a point")
    judged = Assignment.objects.filter(
        application__awaits_completion_until__isnull=False, completed_at__isnull=False
    ).exclude(application__status=Status.WITHDRAWN)
    yield from each_breaks(42, judged, "was completed while the application waits for its completion")
    taken_back = WithdrawnReview.objects.filter(
        completed_at__lt=F("review__assignment__application__completion__asked_at")
    )
    yield from each_breaks(42, taken_back, "was completed before the application was asked to be completed")
    unanswered = CompletionRequest.objects.filter(
        sent_at__isnull=False, points__answer="", points__files=None
    ).distinct()
    yield from each_breaks(42, unanswered, "was sent with a point that is not answered")
    yield from broken_constraints("completions", _CONSTRAINTS)
