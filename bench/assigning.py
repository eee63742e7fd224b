"""Assigning reviewers to a round of 1,000 applications: how long it takes, and how even and different it comes out."""

import inspect
import time
from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations

from django.db import transaction

from applications.domain.sealing import seal_round
from applications.models import Application
from bench.population import copy_submissions, prepare, submitted_in
from calls.models import ReviewRound
from demo.cast import APPLICANT
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from reviews.domain.assigning import assign_reviewers
from reviews.models import Assignment, InterestDeclaration

APPLICATIONS = 1_000
REVIEWERS = 60


def measure(count: int = APPLICATIONS) -> None:
    """Assign one round three times, with ever more interests, and print the figures."""
    call, people, case = prepare()
    review_round = call.rounds.get(number=1)
    application = submitted_in(review_round, case, people[APPLICANT.key])
    copy_submissions(application, count - 1)
    at = review_round.deadline_at + timedelta(minutes=5)
    with transaction.atomic():
        # Without its own transaction: that of the bench undoes it.
        assert inspect.unwrap(seal_round)(round_id=review_round.pk, at=at)
        RoleGrant.objects.filter(role=Role.REVIEWER).delete()
        reviewers = _reviewers(at)
        applications = list(review_round.applications.order_by("pk"))
        _assign("without interests", review_round, at)
        _note_interests(applications, reviewers, at, every=10)
        _assign("an interest in one of ten", review_round, at)
        _note_interests(applications[: count // 20], reviewers, at, every=1)
        _assign(f"{count // 20} on which nobody may judge", review_round, at)
        transaction.set_rollback(True)


def _reviewers(at: datetime) -> list[User]:
    found = User.objects.bulk_create(
        User(email=f"beoordelaar-{number}@maat.example", full_name=f"Beoordelaar {number} (fictief)")
        for number in range(REVIEWERS)
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=each, role=Role.REVIEWER, granted_at=at) for each in found)
    return found


def _note_interests(
    applications: list[Application], reviewers: list[User], at: datetime, *, every: int
) -> None:
    """Let each reviewer declare an interest in one of so many applications."""
    InterestDeclaration.objects.bulk_create(
        (
            InterestDeclaration(
                application=application, user=reviewer, has_interest=True, explanation="Buren", declared_at=at
            )
            for first, application in enumerate(applications)
            for second, reviewer in enumerate(reviewers)
            if (first * 7 + second * 3) % every == 0
        ),
        ignore_conflicts=True,
    )


def _assign(words: str, review_round: ReviewRound, at: datetime) -> None:
    with transaction.atomic():
        began, busy = time.perf_counter(), time.process_time()
        number = inspect.unwrap(assign_reviewers)(round_id=review_round.pk, at=at)
        seconds, work = time.perf_counter() - began, time.process_time() - busy
        rows = list(
            Assignment.objects.filter(application__review_round=review_round).values_list(
                "application_id", "reviewer_id"
            )
        )
        transaction.set_rollback(True)
    loads = Counter(reviewer for _application, reviewer in rows)
    people: dict[int, list[int]] = {}
    for application, reviewer in sorted(rows):
        people.setdefault(application, []).append(reviewer)
    pairs = Counter(pair for each in people.values() for pair in combinations(each, 2))
    print(
        f"assigning {len(people)} x {REVIEWERS}, {words}: {seconds:.1f} s ({work:.1f} s of work); {number} assigned, "
        f"{min(loads.values())} to {max(loads.values())} each, {len(pairs)} pairs, the most seen {max(pairs.values())} "
        f"times"
    )
