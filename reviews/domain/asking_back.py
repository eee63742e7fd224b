"""Asking the chair to take a review back, once the reviewer could see those of others (rules 16 and 30)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_shown, check_version
from reviews.advice_queries import knows_others
from reviews.domain.advice_shown import digest_of_request
from reviews.domain.mails import queue_withdrawal_answered, queue_withdrawal_asked
from reviews.domain.reviewing import is_complete, locked_assignment, locked_review_of
from reviews.domain.withdrawing import check_reason, take_back
from reviews.events import WITHDRAWAL_ANSWERED, WITHDRAWAL_ASKED
from reviews.models import Review, WithdrawalRequest
from reviews.permissions import may_answer_withdrawal


@transaction.atomic(durable=True)
def ask_to_withdraw_review(
    *, assignment_id: int, reason: str, seen_version: int, actor: User, at: datetime
) -> WithdrawalRequest:
    """Ask the chair to take a complete review back. Idempotent: of two requests the first waits for an answer.

    Chair and deputy are mailed. Raises ``NotAllowed`` unless it is the actor's own, ``NewerVersion`` when it changed
    since it was shown, and ``RuleViolation`` without a reason, for a review that is not complete, before the actor could
    see another, and once the advice is fixed.
    """
    review = Review.objects.get(assignment=locked_assignment(assignment_id, actor))
    waiting = WithdrawalRequest.objects.filter(review=review, answered_at=None).first()
    if waiting is not None:
        return waiting
    check_version(review.version, seen_version)
    if not is_complete(review):
        raise RuleViolation(_("This review is not complete, so there is nothing to take back."))
    if not knows_others(review):
        # A request kept in stock would later be answered about another review than it was asked for.
        raise RuleViolation(
            _("There is no other review to read yet, so you can take this one back yourself.")
        )
    asked = WithdrawalRequest.objects.create(review=review, reason=check_reason(reason), asked_at=at)
    queue_withdrawal_asked(asked, at=at)
    record(WITHDRAWAL_ASKED, subject=asked, actor=actor, at=at)
    return asked


@transaction.atomic(durable=True)
def answer_withdrawal(
    *, request_id: int, is_allowed: bool, answer: str, actor: User, at: datetime, seen: str | None = None
) -> WithdrawalRequest:
    """Answer a reviewer who asks to take a review back, and take it back where that is allowed; the reviewer is mailed.

    What the review was is kept, and stands beside what it becomes. ``seen`` is ``digest_of_request`` of what was shown.
    Raises ``NewerVersion`` when a review changed since, ``NotAllowed`` unless the actor is chair or
    deputy, may read the reviews and wrote another one, and ``RuleViolation`` without a reason or once it was answered.
    """
    review = locked_review_of(request_id)
    request = WithdrawalRequest.objects.select_for_update().get(pk=request_id)
    if request.answered_at is not None:
        raise RuleViolation(_("This has been answered already."))
    may_answer_withdrawal.check(actor, request)
    check_shown(digest_of_request(request), seen)
    request.is_allowed, request.answer = is_allowed, check_reason(answer, field="answer")
    request.answered_by, request.answered_at = actor, at
    request.save(update_fields=["is_allowed", "answer", "answered_by", "answered_at"])
    if is_allowed:
        take_back(review, reason=request.reason, request=request, actor=actor, at=at)
    queue_withdrawal_answered(request, at=at)
    record(WITHDRAWAL_ANSWERED, subject=request, actor=actor, at=at)
    return request
