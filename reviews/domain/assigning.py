"""Assigning reviewers: at least two each, balanced within one, never with an interest (rule 15)."""

from collections import Counter, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from applications.enums import Status
from applications.models import Application, ReadingAccess
from calls.models import ReviewRound
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from hubportal.audit.domain.events import record_all
from reviews.domain.mails import queue_assigned
from reviews.enums import ReviewStatus
from reviews.events import ASSIGNED
from reviews.models import Affiliation, Assignment, InterestDeclaration, Review


@dataclass
class Plan:
    """Who reviews what: fixed assignments, and new ones that may still be shifted to balance the load."""

    eligible: Mapping[int, Collection[int]]
    load: Counter[int]
    new: set[tuple[int, int]] = field(default_factory=set)


def balance(
    *, needed: Mapping[int, int], eligible: Mapping[int, Collection[int]], load: Mapping[int, int]
) -> set[tuple[int, int]]:
    """Return pairs of application and reviewer, the load of the reviewers as even as interests allow.

    ``needed`` is how many reviewers each application still lacks, ``eligible`` who may review it and does
    not yet, ``load`` what each reviewer has already. The same input gives the same pairs.
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

    Reviewers of a later day do not count, nor whoever has an interest by now.
    """
    applications = list(
        Application.objects.filter(review_round=review_round, assignments__isnull=False).distinct()
    )
    assigned = _assigned(applications)
    seated = RoleGrant.objects.filter(user__in=_reviewers(), role=Role.REVIEWER, granted_at__lte=at)
    reviewers = set(seated.values_list("user_id", flat=True))
    plan = Plan(_eligible(applications, assigned, reviewers), Counter(_load(review_round, reviewers)))
    plan.new = {(each, reviewer) for each, (now, _once) in assigned.items() for reviewer in now}
    return _shift_one(plan)


def _shift_one(plan: Plan) -> bool:
    """Shift work along a chain from a reviewer to one with at least two less; ``False`` when none is left."""
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
    """Return the shortest chain of hand-overs from a reviewer to one who has at least two less."""
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


def rounds_to_assign() -> QuerySet[ReviewRound]:
    """Return the sealed rounds in which an application lacks a reviewer."""
    lacking = (
        Application.objects.filter(status=Status.SEALED)
        .annotate(reviewers=Count("assignments", filter=Q(assignments__ended_at=None)))
        .filter(reviewers__lt=F("call__reviewers_per_application"))
    )
    return ReviewRound.objects.filter(sealed_at__isnull=False, pk__in=lacking.values("review_round"))


@transaction.atomic(durable=True)
def assign_reviewers(*, round_id: int, at: datetime) -> int:
    """Assign the reviewers that a sealed round lacks, mail them, and return how many assignments are new.

    What was assigned before stays; a second time, or two workers, add nothing.
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
    reviewers = _reviewers()
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
    for each in Assignment.objects.filter(application__in=applications):
        found[each.application_id][0 if each.ended_at is None else 1].add(each.reviewer_id)
    return found


def _reviewers() -> set[int]:
    active = User.objects.filter(is_active=True, role_grants__role=Role.REVIEWER)
    return set(active.values_list("pk", flat=True))


def _load(review_round: ReviewRound, reviewers: Collection[int]) -> dict[int, int]:
    counts = Counter(
        Assignment.objects.filter(application__review_round=review_round, ended_at=None).values_list(
            "reviewer_id", flat=True
        )
    )
    return {each: counts[each] for each in reviewers}


def _taking_part(prefix: str, applications: Collection[int]) -> dict[str, Any]:
    """Return the conditions for an organisation of the coalition as it was at submission."""
    coalition = f"{prefix}organisation__participations__coalition__applications"
    return {
        f"{coalition}__in": applications,
        f"{prefix}organisation__participations__joined_at__lte": F(f"{coalition}__submitted_at"),
    }


def _eligible(
    applications: Collection[Application],
    assigned: Mapping[int, tuple[set[int], set[int]]],
    reviewers: set[int],
) -> dict[int, set[int]]:
    barred: dict[int, set[int]] = {each.pk: set().union(*assigned[each.pk]) for each in applications}
    ids = list(barred)
    declared = InterestDeclaration.objects.filter(application__in=ids, has_interest=True, replaced_at=None)
    ties = Affiliation.objects.filter(ended_at=None, **_taking_part("", ids))
    speakers = User.objects.filter(**_taking_part("representations__", ids))
    # Who could read others' reviews in another role does not review any more (rule 16).
    judged = Review.objects.filter(assignment__application__in=ids, status=ReviewStatus.COMPLETE)
    readers = ReadingAccess.objects.filter(application__in=judged.values("assignment__application"))
    pairs = [
        *declared.values_list("application_id", "user_id"),
        *readers.values_list("application_id", "user_id"),
        *ties.values_list("organisation__participations__coalition__applications", "user_id"),
        *speakers.values_list("representations__organisation__participations__coalition__applications", "pk"),
    ]
    for application, user in pairs:
        if application in barred:
            barred[application].add(user)
    return {application: reviewers - out for application, out in barred.items()}
