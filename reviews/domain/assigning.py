"""Assigning reviewers: at least two each, balanced within one, never with an interest (rule 15)."""

from collections import Counter, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from applications.enums import Status
from applications.models import Application
from calls.models import ReviewRound
from hubportal.accounts.enums import Role
from hubportal.accounts.queries import active_in_role
from hubportal.audit.domain.events import record_all
from reviews.domain.mails import queue_assigned
from reviews.events import ASSIGNED
from reviews.models import Assignment
from reviews.queries import assignments_on, barred_from_reviewing


@dataclass
class Plan:
    """Assignments: fixed ones, and new ones that may still be shifted to balance the load."""

    eligible: Mapping[int, Collection[int]]
    load: Counter[int]
    new: set[tuple[int, int]] = field(default_factory=set)


def balance(
    *, needed: Mapping[int, int], eligible: Mapping[int, Collection[int]], load: Mapping[int, int]
) -> set[tuple[int, int]]:
    """Return pairs of application and reviewer, the load of the reviewers as even as interests allow.

    ``needed`` is how many more reviewers each application needs, ``eligible`` who may review it and does not yet,
    ``load`` what each reviewer has already. The same input gives the same pairs.
    """
    plan = Plan(eligible, Counter(load))
    for application in sorted(needed, key=lambda each: (len(eligible[each]), each)):
        free = sorted(eligible[application], key=lambda each: (plan.load[each], each))
        for reviewer in free[: needed[application]]:
            plan.new.add((application, reviewer))
            plan.load[reviewer] += 1
    while _shift_one(plan):
        pass
    return plan.new


def is_uneven(review_round: ReviewRound, *, at: datetime) -> bool:
    """Tell whether work that was assigned in one go at a moment could have been shared more evenly (rule 15).

    Reviewers of a later day do not count, nor those with an interest by now.
    """
    applications = list(review_round.applications.filter(assignments__isnull=False).distinct())
    assigned = _assigned(applications)
    reviewers = set(active_in_role(Role.REVIEWER, since=at).values_list("pk", flat=True))
    plan = Plan(_eligible(applications, assigned, reviewers), Counter(_load(review_round, reviewers)))
    plan.new = {(each, reviewer) for each, (now, _once) in assigned.items() for reviewer in now}
    return _shift_one(plan)


def _shift_one(plan: Plan) -> bool:
    """Shift work along a chain from a reviewer to one with at least two less; ``False`` if there is no such chain."""
    for start in sorted(plan.load, key=lambda each: (-plan.load[each], each)):
        chain = _chain_to_lighter(plan, start)
        if chain is not None:
            for application, giver, taker in chain:
                plan.new.remove((application, giver))
                plan.new.add((application, taker))
                plan.load[giver] -= 1
                plan.load[taker] += 1
            return True
    return False


def _chain_to_lighter(plan: Plan, start: int) -> list[tuple[int, int, int]] | None:
    """Return the shortest chain of hand-overs from a reviewer to one with at least two assignments less."""
    work: dict[int, list[int]] = {}
    for application, reviewer in sorted(plan.new):
        work.setdefault(reviewer, []).append(application)
    came_by: dict[int, tuple[int, int, int] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        giver = waiting.popleft()
        if plan.load[giver] <= plan.load[start] - 2:
            return _walk_back(came_by, giver)
        for application in work.get(giver, []):
            for taker in sorted(plan.eligible[application]):
                if taker not in came_by and (application, taker) not in plan.new:
                    came_by[taker] = (application, giver, taker)
                    waiting.append(taker)
    return None


def _walk_back(came_by: Mapping[int, tuple[int, int, int] | None], last: int) -> list[tuple[int, int, int]]:
    chain = []
    step = came_by[last]
    while step is not None:
        chain.append(step)
        step = came_by[step[1]]
    return chain


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
    needed = {
        each.pk: max(each.call.reviewers_per_application - len(assigned[each.pk][0]), 0)
        for each in applications
    }
    reviewers = set(active_in_role(Role.REVIEWER).values_list("pk", flat=True))
    pairs = balance(
        needed={application: number for application, number in needed.items() if number},
        eligible=_eligible(applications, assigned, reviewers),
        load=_load(review_round, reviewers),
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
