"""Who may not review which application (rules 15 and 16)."""

from collections.abc import Collection, Iterator

from django.db.models import Q

from applications.models import Application, ReadingAccess
from hubportal.accounts.models import User
from hubportal.accounts.queries import accounts_beside
from reviews.enums import ReviewStatus
from reviews.models import Assignment, InterestDeclaration, Review
from reviews.ties import assessors, ties


def barred_from_reviewing(applications: Collection[int]) -> list[tuple[int, int]]:
    """Return pairs of an application and a person who may not review it (rules 15 and 16).

    By an interest that was declared or follows from data, or since the person could read others' reviews of it in
    another role; and where another account of their mailbox is barred, or was assigned.
    """
    interests = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None)
    declared = interests.filter(application__in=applications)
    # Also what was taken back: it was there to be read.
    once_complete = Q(status=ReviewStatus.COMPLETE) | Q(withdrawals__isnull=False)
    judged = Review.objects.filter(once_complete, assignment__application__in=applications)
    readers = ReadingAccess.objects.filter(application__in=judged.values("assignment__application"))
    tied = ties(Application.objects.filter(pk__in=applications), assessors())
    barred = {
        *declared.values_list("application_id", "user_id"),
        *readers.values_list("application_id", "user_id"),
        *((each.application, each.person) for each in tied),
    }
    held = Assignment.objects.filter(application__in=applications).values_list(
        "application_id", "reviewer_id"
    )
    return [*barred, *_under_another_account({*barred, *held})]


def _under_another_account(pairs: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of an application and a person once more for each other account of that person (rule 28)."""
    beside = accounts_beside(User.objects.filter(pk__in={person for _application, person in pairs}))
    for application, person in pairs:
        yield from ((application, each) for each in sorted(beside.get(person, ())))
