"""Assigning reviewers: at least two each, balanced within one, never with an interest (rule 15)."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from applications.enums import Status
from applications.models import Application
from calls.models import ReviewRound
from hubportal.accounts.enums import Role
from hubportal.accounts.queries import active_in_role
from hubportal.audit.domain.events import record_all
from reviews.barred import barred_from_reviewing
from reviews.domain.mails import queue_assigned
from reviews.domain.sharing import Pair, Shares, Task, evenly, pairs_among, share
from reviews.events import ASSIGNED
from reviews.models import Assignment
from reviews.queries import assignments_on


def is_uneven(review_round: ReviewRound, *, at: datetime) -> bool:
    """Tell whether work that was assigned in one go at a moment could have been shared more evenly (rule 15).

    Reviewers of a later day do not count, nor those with an interest by now.
    """
    applications = list(review_round.applications.filter(assignments__isnull=False).distinct())
    assigned = _assigned(applications)
    reviewers = set(active_in_role(Role.REVIEWER, since=at).values_list("pk", flat=True))
    eligible = _eligible(applications, assigned, reviewers)
    # Who reviews it holds no place that somebody else could not take.
    now = {each: people & reviewers for each, (people, _once) in assigned.items()}
    even = evenly(
        Task(
            needed={each: len(people) for each, people in now.items()},
            eligible={each: eligible[each] | people for each, people in now.items()},
            load=dict.fromkeys(reviewers, 0),
        )
    )
    return _unevenness(now) > _unevenness(even)


def _unevenness(shares: Shares) -> int:
    """Return a number that is lower the more evenly the same work is shared."""
    loads = Counter(each for people in shares.values() for each in people)
    return sum(each * each for each in loads.values())


@transaction.atomic(durable=True)
def assign_reviewers(*, round_id: int, at: datetime) -> int:
    """Assign missing reviewers in a sealed round, mail them, and return how many assignments are new.

    Existing assignments stay. Idempotent, also between two workers.
    """
    review_round = ReviewRound.objects.select_for_update().get(pk=round_id)
    applications = list(
        Application.objects.filter(review_round=review_round, status=Status.SEALED).select_related("call")
    )
    assigned = _assigned(applications)
    lacking = {
        each.pk: each.call.reviewers_per_application - len(assigned[each.pk][0]) for each in applications
    }
    needed = {application: number for application, number in lacking.items() if number > 0}
    reviewers = set(active_in_role(Role.REVIEWER).values_list("pk", flat=True))
    pairs = share(
        Task(
            needed=needed,
            eligible=_eligible(applications, assigned, reviewers),
            load=_load(review_round, reviewers),
            staying={application: now for application, (now, _once) in assigned.items()},
            together=_together(review_round, apart_from=needed),
        )
    )
    rows = [
        Assignment(application_id=application, reviewer_id=reviewer, assigned_at=at)
        for application, reviewer in sorted(pairs)
    ]
    Assignment.objects.bulk_create(rows)
    new = Assignment.objects.filter(pk__in=[each.pk for each in rows])
    record_all(ASSIGNED, subjects=new, actor=None, at=at)
    queue_assigned(rows, review_round, at=at)
    return len(rows)


def _assigned(applications: Collection[Application]) -> dict[int, tuple[set[int], set[int]]]:
    """Return for each application who reviews it, and who once did."""
    found: dict[int, tuple[set[int], set[int]]] = {each.pk: (set(), set()) for each in applications}
    for each in assignments_on(applications):
        found[each.application_id][0 if each.ended_at is None else 1].add(each.reviewer_id)
    return found


def _together(review_round: ReviewRound, *, apart_from: Collection[int]) -> Counter[Pair]:
    """Return how often each two reviewers met on an application of the call, apart from those to be assigned."""
    settled = Application.objects.filter(call=review_round.call_id).exclude(pk__in=apart_from)
    people: dict[int, list[int]] = {}
    found = assignments_on(settled).filter(ended_at=None)
    for application, reviewer in found.values_list("application_id", "reviewer_id"):
        people.setdefault(application, []).append(reviewer)
    return Counter(pair for each in people.values() for pair in pairs_among(each))


def _load(review_round: ReviewRound, reviewers: Collection[int]) -> dict[int, int]:
    counts = Counter(
        assignments_on(review_round.applications.all())
        .filter(ended_at=None)
        .values_list("reviewer_id", flat=True)
    )
    return {each: counts[each] for each in reviewers}


def _eligible(
    applications: Collection[Application],
    assigned: Mapping[int, tuple[set[int], set[int]]],
    reviewers: set[int],
) -> dict[int, set[int]]:
    barred: dict[int, set[int]] = {each.pk: set().union(*assigned[each.pk]) for each in applications}
    for application, person in barred_from_reviewing(list(barred)):
        barred[application].add(person)
    return {application: reviewers - out for application, out in barred.items()}
