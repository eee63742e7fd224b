"""Writing a review and completing it (rules 16 and 17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.waiting import check_waits_for_nothing, completion_shown
from applications.enums import Status
from applications.models import Application
from calls.models import Call, Criterion
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import check_shown, check_version, is_to_be_saved
from reviews.domain.results import store_result
from reviews.enums import ReviewStatus
from reviews.events import COMPLETED
from reviews.models import Assignment, Review, Score
from reviews.permissions import may_review


@dataclass(frozen=True)
class Judgement:
    """A score and its reason; either may be missing."""

    value: int | None
    reason: str


class Incomplete(RuleViolation):
    """Scores or reasons are missing in a review; ``criteria`` says where (rule 16)."""

    def __init__(self, criteria: list[Criterion]) -> None:
        names = ", ".join(each.title for each in criteria)
        super().__init__(
            _("Give a score and a reason for every criterion. Missing: %(names)s.") % {"names": names}
        )
        self.criteria = criteria


@transaction.atomic(durable=True)
def save_review(
    *,
    assignment_id: int,
    judgements: Mapping[Criterion, Judgement],
    remark: str,
    seen_version: int,
    actor: User,
    at: datetime,
) -> Review:
    """Save a review, complete or not. Idempotent (rule 12).

    ``seen_version`` is the optimistic version, 0 for a review that was not begun. Raises ``NotAllowed`` without
    reading access, ``RuleViolation`` once it is complete, ``NewerVersion``, and for a score outside the scale.
    """
    assignment = locked_assignment(assignment_id, actor)
    review = Review.objects.filter(assignment=assignment).first() or Review(
        assignment=assignment, version=0, saved_at=at
    )
    if is_complete(review):
        raise RuleViolation(_("This review is complete. Its scores can no longer be changed."))
    _check_scale(assignment.application.call, judgements)
    kept = {**dict.fromkeys(judgements, Judgement(None, "")), **_judgements(review)}
    if not is_to_be_saved(
        typed=({**kept, **judgements}, remark),
        kept=(kept, review.remark) if review.version else None,
        seen=seen_version,
        current=review.version,
    ):
        return review
    review.remark, review.saved_at = remark, at
    review.version += 1
    review.save()
    _write_scores(
        review, {each: judgement for each, judgement in judgements.items() if judgement != kept[each]}
    )
    return review


def _judgements(review: Review) -> dict[Criterion, Judgement]:
    scores = review.scores.select_related("criterion") if review.version else ()
    return {each.criterion: Judgement(each.value, each.reason) for each in scores}


def _write_scores(review: Review, judgements: Mapping[Criterion, Judgement]) -> None:
    Score.objects.bulk_create(
        (
            Score(review=review, criterion=criterion, value=judgement.value, reason=judgement.reason)
            for criterion, judgement in judgements.items()
        ),
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value", "reason"],
    )


@transaction.atomic(durable=True)
def complete_review(
    *,
    assignment_id: int,
    actor: User,
    at: datetime,
    seen_version: int | None = None,
    seen_completion: str | None = None,
) -> Review:
    """Complete a review. Idempotent.

    ``seen_version`` is the version that was checked, and ``seen_completion`` is ``completion_shown`` of then, if one was shown. Raises ``NotAllowed``, ``Incomplete`` without a
    score and a reason on every criterion (rule 16), ``NewerVersion`` when it changed since it was shown, and ``RuleViolation``
    while the applicants were asked to complete the application.
    """
    assignment = locked_assignment(assignment_id, actor)
    review = Review.objects.filter(assignment=assignment).first()
    if review is not None and is_complete(review):
        return review
    check_waits_for_nothing(assignment.application)
    missing = missing_in(assignment.application.call, review)
    if missing or review is None:
        raise Incomplete(missing)
    if seen_version is not None:
        check_version(review.version, seen_version)
    check_shown(completion_shown(assignment.application), seen_completion)
    review.status, review.completed_at = ReviewStatus.COMPLETE, at
    review.save(update_fields=["status", "completed_at"])
    assignment.completed_at = at
    assignment.save(update_fields=["completed_at"])
    store_result(assignment.application)
    record(COMPLETED, subject=review, actor=actor, at=at)
    return review


def locked_assignment(assignment_id: int, actor: User) -> Assignment:
    """Lock an application and one of its assignments, for an act on the review.

    Raises ``NotAllowed`` unless the review is the actor's, and ``RuleViolation`` once the advice is fixed.
    """
    # The application first, as every act on it does: no advice is fixed while a review comes in.
    Application.objects.select_for_update(of=("self",)).get(assignments=assignment_id)
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("application__call")
        .get(pk=assignment_id)
    )
    may_review.check(actor, assignment)
    if is_withdrawn(assignment.application):
        raise RuleViolation(_("This application has been withdrawn, so it no longer needs your review."))
    if not _takes_reviews(assignment.application):
        raise RuleViolation(
            _("The advice on this application has been adopted, so reviews can no longer be added.")
        )
    return assignment


def locked_review_of(request_id: int) -> Review:
    """Lock the application of a request to take a review back, and return its review."""
    Application.objects.select_for_update(of=("self",)).get(
        assignments__review__withdrawal_requests=request_id
    )
    return Review.objects.select_related("assignment__application__call").get(withdrawal_requests=request_id)


def can_be_written(application: Application, review: Review | None) -> bool:
    """Tell whether a review can still be edited: it is not complete, and the advice is not fixed."""
    return _takes_reviews(application) and not is_complete(review)


def is_withdrawn(application: Application) -> bool:
    """Tell whether the applicants withdrew what was being reviewed."""
    return application.status == Status.WITHDRAWN


def is_complete(review: Review | None) -> bool:
    """Tell whether a review is complete."""
    return review is not None and review.status == ReviewStatus.COMPLETE


def _takes_reviews(application: Application) -> bool:
    return application.status == Status.SEALED


def _check_scale(call: Call, judgements: Mapping[Criterion, Judgement]) -> None:
    for criterion, judgement in judgements.items():
        if criterion.call_id != call.pk:
            raise RuleViolation(_("This criterion belongs to another call."))
        if judgement.value is not None and not call.lowest_score <= judgement.value <= call.highest_score:
            raise RuleViolation(
                _("A score must be between %(lowest)d and %(highest)d.")
                % {"lowest": call.lowest_score, "highest": call.highest_score},
                field=f"score-{criterion.key}",
            )


def missing_in(call: Call, review: Review | None) -> list[Criterion]:
    """Return the criteria on which a review has no score or no reason yet (rule 16)."""
    scores = {each.criterion_id: each for each in review.scores.all()} if review is not None else {}
    return [
        criterion
        for criterion in call.criteria.all()
        if (score := scores.get(criterion.pk)) is None or score.value is None or not is_filled(score.reason)
    ]
