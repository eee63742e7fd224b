"""The mails that assigning causes."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from calls.models import ReviewRound
from hubportal.accounts.permissions import CHAIRS
from hubportal.accounts.queries import active_with_roles, people_with_ids
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail
from reviews.models import Assignment
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
    told = active_with_roles(CHAIRS.roles).exclude(
        pk__in=interested_in(assignment.application_id).values("pk")
    )
    for person in told.order_by("pk"):
        values = {"person": person, "address": address_of("admin:interests")}
        subject, body = compose("review_out", values)
        queue_mail(kind="review_out", recipient=person.email, subject=subject, body=body, about="", at=at)
