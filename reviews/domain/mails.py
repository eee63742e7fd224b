"""The mails that assigning causes."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from calls.models import ReviewRound
from hubportal.accounts.queries import people_with_ids
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail
from reviews.models import Assignment


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
