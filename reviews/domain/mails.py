"""The mails about reviews: assigned, out, and asked to be taken back."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from calls.models import ReviewRound
from hubportal.accounts.models import User
from hubportal.accounts.permissions import CHAIRS
from hubportal.accounts.queries import active_with_roles, people_with_ids
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail
from reviews.models import Assignment, WithdrawalRequest
from reviews.queries import interested_in


def queue_assigned(assignments: Iterable[Assignment], review_round: ReviewRound, *, at: datetime) -> int:
    """Mail each reviewer once how many applications were assigned, and return how many were mailed.

    It says nothing about the applications: a reviewer with an interest may not know (rule 14).
    """
    numbers = Counter(each.reviewer_id for each in assignments)
    for reviewer in people_with_ids(numbers):
        subject, body = compose(
            "reviews_assigned",
            {
                "reviewer": reviewer,
                "number": numbers[reviewer.pk],
                "call": review_round.call,
                "round": review_round,
                "address": address_of("admin:assignments"),
            },
        )
        queue_mail(
            kind="reviews_assigned",
            recipient=reviewer.email,
            subject=subject,
            body=body,
            about=str(review_round.call),
            at=at,
        )
    return len(numbers)


def queue_review_out(assignment: Assignment, *, at: datetime) -> None:
    """Tell chair and deputy, unless they have an interest themselves, that a complete review counts no more (rule 29).

    It says nothing of the application or the review.
    """
    _tell_committee("review_out", assignment, page="admin:interests", at=at)


def queue_withdrawal_asked(request: WithdrawalRequest, *, at: datetime) -> None:
    """Tell chair and deputy, unless they have an interest or ask it themselves, that a reviewer asks for a review back.

    It says nothing of the application, the reviewer or the reason.
    """
    _tell_committee("withdrawal_asked", request.review.assignment, page="admin:advice_waiting", at=at)


def queue_withdrawal_answered(request: WithdrawalRequest, *, at: datetime) -> None:
    """Tell the reviewer that the request was answered; what the answer is stands on the page alone."""
    assignment = request.review.assignment
    page = address_of("admin:review", assignment.application.reference)
    _tell("withdrawal_answered", assignment.reviewer, page, at=at)


def _tell_committee(kind: str, assignment: Assignment, *, page: str, at: datetime) -> None:
    interested = interested_in(assignment.application_id).values("pk")
    told = active_with_roles(CHAIRS.roles).exclude(pk__in=interested).exclude(pk=assignment.reviewer_id)
    for person in told.order_by("pk"):
        _tell(kind, person, address_of(page), at=at)


def _tell(kind: str, person: User, address: str, *, at: datetime) -> None:
    subject, body = compose(kind, {"person": person, "address": address})
    queue_mail(kind=kind, recipient=person.email, subject=subject, body=body, about="", at=at)
