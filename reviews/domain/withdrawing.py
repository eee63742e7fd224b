"""Taking back a review or an advice before a letter is released; what it was is kept (rule 30)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.domain.locking import locked
from applications.enums import MoveReason, Status
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import check_version
from reviews.advice_queries import knows_others
from reviews.domain.advice_drafts import put_back_as_draft
from reviews.domain.results import store_result
from reviews.domain.reviewing import is_complete, locked_assignment
from reviews.enums import ReviewStatus
from reviews.events import ADVICE_WITHDRAWN, REVIEW_WITHDRAWN
from reviews.models import CommitteeAdvice, Review, WithdrawalRequest, WithdrawnAdvice, WithdrawnReview
from reviews.permissions import may_advise


class OthersKnown(RuleViolation):
    """The reviewer could see the reviews of others, so the chair decides whether this one is taken back."""


def check_reason(reason: str, *, field: str = "reason") -> str:
    """Return the reason for taking something back. Raises ``RuleViolation`` when it says nothing."""
    if not is_filled(reason):
        raise RuleViolation(_("Write down why."), field=field)
    return reason.strip()


@transaction.atomic(durable=True)
def withdraw_review(
    *, assignment_id: int, reason: str, actor: User, at: datetime, seen_version: int | None = None
) -> Review:
    """Take back a complete review, so that its reviewer can change it and hand it in again. Idempotent.

    Its scores, reasons and remark as they were stay in a ``WithdrawnReview`` (rule 17). Raises ``NotAllowed`` unless it
    is the actor's own, ``OthersKnown`` once the actor could see another review, ``NewerVersion`` when it changed since
    it was shown, and ``RuleViolation`` once the advice is fixed or without a reason.
    """
    assignment = locked_assignment(assignment_id, actor)
    review = Review.objects.select_related("assignment__application").get(assignment=assignment)
    if not is_complete(review):
        return review
    if seen_version is not None:
        check_version(review.version, seen_version)
    why = check_reason(reason)
    if knows_others(review):
        raise OthersKnown(
            _(
                "Another review came in, and you could read it. So the chair decides whether you can change yours. "
                "Send your reason to the chair."
            )
        )
    take_back(review, reason=why, request=None, actor=actor, at=at)
    return review


def take_back(
    review: Review, *, reason: str, request: WithdrawalRequest | None, actor: User, at: datetime
) -> None:
    """Keep a complete review as it was, and make it a draft, within the act that locked its application."""
    assert review.completed_at is not None  # it is complete
    WithdrawnReview.objects.create(
        review=review,
        completed_at=review.completed_at,
        scores={
            each.criterion.key: {"value": each.value, "reason": each.reason}
            for each in review.scores.select_related("criterion")
        },
        remark=review.remark,
        reason=reason,
        withdrawn_at=at,
        knew_others=knows_others(review),
        request=request,
    )
    review.status, review.completed_at = ReviewStatus.DRAFT, None
    # Whoever still looks at the complete one meets a newer version.
    review.version += 1
    review.save(update_fields=["status", "completed_at", "version"])
    assignment = review.assignment
    assignment.completed_at = None
    assignment.save(update_fields=["completed_at"])
    store_result(assignment.application)
    record(REVIEW_WITHDRAWN, subject=review, actor=actor, at=at)


@transaction.atomic(durable=True)
def withdraw_advice(
    *, application_id: int, reason: str, actor: User, at: datetime, seen_advice: int | None = None
) -> WithdrawnAdvice:
    """Take back the advice on an application, which goes back into assessment with the advice as a draft.

    Raises ``NotAllowed`` unless the actor is chair or deputy and may read it, ``NewerVersion`` when another advice was
    shown than there is, and ``RuleViolation`` without an advice, once a decision rests on it, or without a reason.
    """
    application = locked(application_id)
    may_advise.check(actor, application)
    advice = CommitteeAdvice.objects.filter(application=application).first()
    if advice is None:
        raise RuleViolation(_("There is no advice to take back."))
    if seen_advice is not None:
        check_version(advice.pk, seen_advice)
    if hasattr(advice, "decision"):
        raise RuleViolation(
            _("A decision on this application has been recorded. An officer must take that back first.")
        )
    lifecycle.check_may_move(application, to=Status.SEALED)
    withdrawn = WithdrawnAdvice.objects.create(
        number=advice.pk,
        application=application,
        outcome=advice.outcome,
        amount=advice.amount,
        text=advice.text,
        rank=advice.rank,
        mean_score=advice.mean_score,
        fixed_by_id=advice.fixed_by_id,
        fixed_at=advice.fixed_at,
        reason=check_reason(reason),
        withdrawn_by=actor,
        withdrawn_at=at,
    )
    put_back_as_draft(advice, actor=actor, at=at)
    advice.delete()
    lifecycle.move(application, to=Status.SEALED, actor=actor, at=at, why=MoveReason.ADVICE_WITHDRAWN)
    record(ADVICE_WITHDRAWN, subject=withdrawn, actor=actor, at=at)
    return withdrawn
