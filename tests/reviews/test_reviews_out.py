"""A tie that appears after a review takes it out of the mean, and stops the letter until that is settled (rule 29)."""

from decimal import Decimal
from typing import Any

import pytest

from decisions.domain.releasing import release_letter_of_decision
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.models import OutgoingMail
from organisations.models import Representative
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.domain.measuring import record_measure
from reviews.domain.results import stored_result
from reviews.enums import AffiliationKind, AssignmentEnd
from reviews.models import InterestDeclaration
from reviews.queries import reviews_out
from reviews.tasks import CONFLICTS, run
from tests.breaking import sound
from tests.factories.granting import read
from tests.factories.scenarios import (
    after_deadline,
    assigned,
    committee,
    decided,
    judged,
    judgements,
    open_to,
)

pytestmark = pytest.mark.django_db


def judged_apart() -> tuple[Any, Any, Any]:
    """An application with scores of 5 and 3, and who gave them."""
    case = assigned()
    first, second = case.assignments.order_by("pk")
    judged(first, judgements(case, 5), at=after_deadline(case, days=14))
    judged(second, judgements(case, 3), at=after_deadline(case, days=14))
    return sound(case), first, second


def note_seat(case: Any, user: Any, *, days: int) -> None:
    note_affiliation(
        user=user,
        organisation=case.lead,
        kind=AffiliationKind.BOARD,
        actor=user,
        at=after_deadline(case, days=days),
    )


def result(case: Any) -> tuple[int, Decimal]:
    case = type(case).objects.select_related("result").get(pk=case.pk)
    found = stored_result(case)
    return found.reviews, found.mean


def test_a_seat_noted_after_the_review_takes_it_out_of_the_mean_and_asks_for_another() -> None:
    case, first, second = judged_apart()
    chair = committee().chair
    assert result(case) == (2, Decimal("4.00"))
    note_seat(case, first.reviewer, days=15)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_because) == (after_deadline(case, days=15), AssignmentEnd.INTEREST)
    assert result(case) == (1, Decimal("3.00"))
    assert sorted(each.recipient for each in OutgoingMail.objects.filter(kind="review_out")) == sorted(
        [chair.email, committee().deputy.email]
    )
    third = committee(reviewers=3).reviewers[-1]
    assert assign_reviewers(round_id=case.review_round_id, at=after_deadline(case, days=16)) == 1
    assert set(case.assignments.filter(ended_at=None).values_list("reviewer", flat=True)) == {
        second.reviewer_id,
        third.pk,
    }
    assert list(every_violation()) == []


def test_a_representation_that_a_job_finds_does_so_too() -> None:
    case, first, _second = judged_apart()
    Representative.objects.create(
        organisation=case.lead, user=first.reviewer, since_at=after_deadline(case, days=15)
    )
    assert run(CONFLICTS, now=lambda: after_deadline(case, days=15)) == 1
    assert result(case) == (1, Decimal("3.00"))


def test_a_measure_of_the_chair_lets_the_review_count_again() -> None:
    case, first, _second = judged_apart()
    note_seat(case, first.reviewer, days=15)
    measure_on(case, first.reviewer, days=16)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_because) == (None, "")
    assert result(case) == (2, Decimal("4.00"))
    assert list(every_violation()) == []


def measure_on(case: Any, user: Any, *, days: int) -> None:
    tie = InterestDeclaration.objects.get(application=case, user=user, replaced_at=None)
    record_measure(
        declaration_id=tie.pk,
        measure="Het belang is klein.",
        actor=committee().chair,
        at=after_deadline(case, days=days),
    )


def test_a_measure_gives_back_the_work_that_the_interest_took() -> None:
    case = assigned()
    first = case.assignments.order_by("pk")[0]
    at = after_deadline(case, days=1)
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buren.", actor=first.reviewer, at=at
    )
    measure_on(case, first.reviewer, days=2)
    first.refresh_from_db()
    assert first.ended_at is None


def test_a_measure_gives_no_work_back_where_somebody_else_took_it() -> None:
    case = assigned()
    first = case.assignments.order_by("pk")[0]
    at = after_deadline(case, days=1)
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buren.", actor=first.reviewer, at=at
    )
    committee(reviewers=3)
    assert assign_reviewers(round_id=case.review_round_id, at=at) == 1
    measure_on(case, first.reviewer, days=2)
    first.refresh_from_db()
    assert (first.ended_because, case.assignments.filter(ended_at=None).count()) == (
        AssignmentEnd.INTEREST,
        2,
    )


def held_up() -> tuple[Any, Any]:
    """A decision on an advice that rests on a review by somebody who took a seat afterwards, and that somebody."""
    case = sound(decided())
    reviewer = case.assignments.order_by("pk")[0].reviewer
    note_seat(case, reviewer, days=29)
    return case, reviewer


def release(case: Any) -> Any:
    releaser, at = committee().releaser, after_deadline(case, days=31)
    open_to(case, releaser, at=at)
    seen = read(case.decision, at=at)
    return release_letter_of_decision(decision_id=case.decision.pk, seen=seen, actor=releaser, at=at)


def test_no_letter_is_released_while_its_advice_rests_on_such_a_review() -> None:
    case, reviewer = held_up()
    assert [each.reviewer for each in reviews_out()] == [reviewer]
    assert list(every_violation()) == []
    with pytest.raises(RuleViolation, match="beoordelaar"):
        release(case)
    measure_on(case, reviewer, days=30)
    assert release(case) is not None
    assert list(every_violation()) == []
