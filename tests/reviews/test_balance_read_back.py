"""Work that lies uneven over the reviewers of a round is named, where the rows can show that (rule 15)."""

from datetime import timedelta
from typing import Any

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import note_affiliation
from reviews.enums import AffiliationKind
from reviews.models import Assignment
from tests.breaking import force, named, sound
from tests.factories.moments import SEALED_AT
from tests.factories.scenarios import committee, sealed, several_submitted

pytestmark = pytest.mark.django_db

UNBALANCED = "its work is not balanced over its reviewers"


def shared_round() -> tuple[Any, User, User]:
    """Return the round of three applications over three reviewers, and two of those."""
    committee(reviewers=3)
    cases = several_submitted(3)
    review_round = sealed(cases[0]).review_round
    assert review_round is not None
    assign_reviewers(round_id=review_round.pk, at=SEALED_AT)
    first, second, _third = committee(reviewers=3).reviewers
    return sound(review_round), first, second


def hand_over(giver: User, taker: User) -> None:
    both = Assignment.objects.filter(reviewer=taker).values("application")
    assignment = Assignment.objects.filter(reviewer=giver).exclude(application__in=both).first()
    assert assignment is not None
    force(assignment, reviewer=taker)


def test_a_round_whose_work_is_not_balanced_is_named() -> None:
    review_round, giver, taker = shared_round()
    hand_over(giver, taker)
    assert list(every_violation()) == named(15, UNBALANCED, review_round)


def test_work_that_an_interest_keeps_unbalanced_is_in_order() -> None:
    review_round, giver, taker = shared_round()
    hand_over(giver, taker)
    reviewed = Assignment.objects.filter(reviewer=giver).values("application")
    for case in review_round.applications.exclude(pk__in=reviewed):
        note_affiliation(
            user=giver,
            organisation=case.coalition.lead_organisation,
            kind=AffiliationKind.BOARD,
            actor=giver,
            at=SEALED_AT,
        )
    assert list(every_violation()) == []


def test_work_that_was_assigned_in_parts_shows_nothing_of_balance() -> None:
    review_round, giver, taker = shared_round()
    hand_over(giver, taker)
    part = Assignment.objects.filter(application__review_round=review_round).order_by("pk")[0]
    force(part, assigned_at=SEALED_AT + timedelta(hours=1))
    assert list(every_violation()) == []
