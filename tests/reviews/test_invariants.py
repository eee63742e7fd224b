"""Each rule of interests, reviews and advice that is broken by hand in the database is named, with its row."""

from collections.abc import Callable
from typing import Any

import pytest

from applications.models import ReadingAccess
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from organisations.models import Organisation
from reviews import invariants
from reviews.domain.results import store_result
from reviews.domain.reviewing import save_review
from reviews.enums import AffiliationKind, TieKind
from reviews.models import (
    Affiliation,
    Assignment,
    CommitteeAdvice,
    CoveredTie,
    InterestDeclaration,
    Review,
    ReviewResult,
    Score,
    WithdrawalRequest,
    WithdrawnAdvice,
    WithdrawnReview,
)
from tests.breaking import Breaks, check_constraint, copy_of, force, named, remove, sentences_in
from tests.decided_world import A_SECOND, World, later
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory
from tests.factories.scenarios import judgements, open_to

pytestmark = pytest.mark.django_db

breaks = Breaks()
# Tried in ``test_balance_read_back``, in a round of its own.
UNBALANCED = "its work is not balanced over its reviewers"


def assignment_of(world: World) -> Assignment:
    """Return an assignment whose review is not begun."""
    found = world.assigned.assignments.order_by("pk").first()
    assert found is not None
    return found


def tie(user: User, organisation: Organisation) -> Affiliation:
    return Affiliation.objects.create(
        user=user, organisation=organisation, kind=AffiliationKind.BOARD, noted_at=AT
    )


def begun(world: World) -> Review:
    assignment = assignment_of(world)
    return save_review(
        assignment_id=assignment.pk,
        judgements=judgements(world.assigned),
        remark="",
        seen_version=0,
        actor=assignment.reviewer,
        at=later(world.assigned, days=1),
    )


def complete_review(world: World) -> Review:
    return Review.objects.filter(assignment__application=world.advised).order_by("pk")[0]


def declaration(world: World) -> InterestDeclaration:
    return world.advised.interest_declarations.get(user=world.committee.chair)


def covered(world: World) -> CoveredTie:
    return CoveredTie.objects.create(
        declaration=declaration(world), organisation=world.advised.lead, kind=TieKind.NAMED
    )


@breaks(29, "opens an application to somebody tied to it")
def opened_in_spite_of_a_tie_after_the_measure(world):
    force(
        declaration(world),
        has_interest=True,
        explanation="x",
        measure="x",
        measure_by=world.committee.deputy,
        measure_at=AT,
    )
    covered(world)
    tie(world.committee.chair, world.advised.lead)
    return world.access(world.advised, world.committee.chair)


@breaks(29, "opens an application to somebody tied to it")
def opened_in_spite_of_a_seat_by_number(world):
    Affiliation.objects.create(
        user=world.committee.chair,
        kvk_number=world.advised.lead.kvk_number,
        name="Anders gespeld (fictief)",
        kind=AffiliationKind.BOARD,
        noted_at=AT,
    )
    return world.access(world.advised, world.committee.chair)


def asked(world: World, **changes: Any) -> WithdrawalRequest:
    values = {"review": complete_review(world), "reason": "x", "asked_at": AT}
    return WithdrawalRequest.objects.create(**{**values, **changes})


@breaks(30, "was taken back by somebody who could read another review, without asking the chair")
def taken_back_knowing_others(world):
    review = complete_review(world)
    return WithdrawnReview.objects.create(
        review=review,
        completed_at=review.completed_at,
        scores={},
        reason="x",
        withdrawn_at=later(world.advised, days=60),
        knew_others=False,
    )


@breaks(30, "was taken back on a request that nobody else allowed")
def taken_back_by_the_own_leave(world):
    review = complete_review(world)
    answered = {"is_allowed": True, "answer": "x", "answered_at": AT}
    request = asked(world, answered_by=review.assignment.reviewer, **answered)
    return WithdrawnReview.objects.create(
        review=review,
        completed_at=review.completed_at,
        scores={},
        reason="x",
        withdrawn_at=AT,
        knew_others=True,
        request=request,
    )


@breaks(14, "opens an application without a declaration that allows it")
def opened_without_a_declaration(world):
    reader = person(Role.OFFICER)
    return ReadingAccess.objects.create(application=world.assigned, user=reader, granted_at=AT)


@breaks(14, "opens an application without a declaration that allows it")
def opened_before_the_declaration(world):
    access = world.access(world.advised, world.committee.chair)
    force(declaration(world), declared_at=access.granted_at + A_SECOND)
    return access


@breaks(14, "opens an application without a declaration that allows it")
def opened_in_spite_of_an_interest(world):
    force(declaration(world), has_interest=True, explanation="Mijn zus werkt er.")
    return world.access(world.advised, world.committee.chair)


@breaks(29, "opens an application to somebody tied to it")
def opened_in_spite_of_a_board_seat(world):
    tie(world.committee.chair, world.advised.partners[0].organisation)
    return world.access(world.advised, world.committee.chair)


@breaks(29, "opens an application to somebody tied to it")
def opened_to_who_speaks_for_a_partner(world):
    partner = world.advised.partners[0].organisation
    RepresentativeFactory.create(organisation=partner, user=world.committee.chair)
    return world.access(world.advised, world.committee.chair)


@breaks(14, "was written by somebody to whom the application was not open")
def reviewed_without_reading(world):
    review = complete_review(world)
    access = world.access(world.advised, review.assignment.reviewer)
    assert review.completed_at is not None
    force(access, revoked_at=review.completed_at - A_SECOND)
    return review


@breaks(14, "was fixed by somebody to whom the application was not open")
def advised_without_reading(world):
    advice = world.advised.advice
    force(world.access(world.advised, advice.fixed_by), revoked_at=advice.fixed_at - A_SECOND)
    return advice


@breaks(15, "is of a mailbox that reviews the application twice")
def assigned_twice_under_two_accounts(world):
    first, second = world.assigned.assignments.order_by("pk")
    local, _at, domain = first.reviewer.email.partition("@")
    return force(second, reviewer=person(Role.REVIEWER, email=f"{local}+nieuw@{domain}"))


@breaks(15, "is of a reviewer with an interest")
def assigned_in_spite_of_an_interest(world):
    assignment = assignment_of(world)
    access = world.access(world.assigned, assignment.reviewer)
    force(access, revoked_at=access.granted_at)
    declared = world.assigned.interest_declarations.get(user=assignment.reviewer)
    force(declared, has_interest=True, explanation="Mijn zus werkt er.")
    return assignment


@breaks(29, "counts though its reviewer has an interest")
def counted_in_spite_of_an_interest(world):
    review = complete_review(world)
    assignment = review.assignment
    access = world.access(world.advised, assignment.reviewer)
    force(access, revoked_at=review.completed_at)
    declared = world.advised.interest_declarations.get(user=assignment.reviewer)
    force(declared, has_interest=True, explanation="Mijn zus werkt er.")
    return assignment


@breaks(29, "is of a reviewer who is tied to the application")
def assigned_in_spite_of_a_board_seat(world):
    assignment = assignment_of(world)
    access = world.access(world.assigned, assignment.reviewer)
    force(access, revoked_at=access.granted_at)
    tie(assignment.reviewer, world.assigned.lead)
    return assignment


@breaks(15, "was advised on with fewer reviews than its call asks")
def advised_on_one_review(world):
    assignment = complete_review(world).assignment
    force(assignment, ended_at=assignment.assigned_at, ended_because="interest")
    store_result(world.advised)
    return world.advised


@breaks(16, "is complete without a score and a reason on every criterion")
def complete_without_a_reason(world):
    review = complete_review(world)
    force(review.scores.order_by("pk")[0], reason=" \t")
    return review


@breaks(16, "is listed as completed at another moment than its review")
def listed_as_waiting_although_complete(world):
    return force(complete_review(world).assignment, completed_at=None)


@breaks(16, "is listed as completed at another moment than its review")
def listed_as_complete_although_waiting(world):
    return force(assignment_of(world), completed_at=AT)


@breaks(16, "is listed as completed at another moment than its review")
def listed_as_complete_at_another_moment(world):
    return force(complete_review(world).assignment, completed_at=AT)


@breaks(16, "is on a criterion of another call")
def a_criterion_of_another_call(world):
    score = begun(world).scores.order_by("pk")[0]
    return force(score, criterion=world.other_call.criteria.first())


@breaks(17, "lies outside the scale of its call")
def a_score_above_the_scale(world):
    return force(begun(world).scores.order_by("pk")[0], value=6)


@breaks(17, "lies outside the scale of its call")
def a_score_below_the_scale(world):
    return force(begun(world).scores.order_by("pk")[0], value=0)


@breaks(17, "does not rest on the scores as they are")
def a_score_altered_afterwards(world):
    force(complete_review(world).scores.order_by("pk")[0], value=1)
    store_result(world.advised)
    return world.advised.advice


@breaks(17, "is listed with another result than its reviews come to")
def listed_with_another_mean(world):
    force(world.advised.result, mean=1)
    return world.advised


@breaks(17, "is listed with another result than its reviews come to")
def listed_with_another_spread(world):
    force(world.advised.result, spread=1)
    return world.advised


@breaks(17, "is listed with another result than its reviews come to")
def listed_with_a_review_too_many(world):
    force(world.advised.result, reviews=3)
    return world.advised


@breaks(17, "is listed with another result than its reviews come to")
def listed_in_another_round(world):
    force(world.advised.result, review_round=world.other_call.rounds.first())
    return world.advised


@breaks(17, "is listed with another result than its reviews come to")
def listed_without_a_result(world):
    remove(world.advised.result)
    return world.advised


@breaks(17, "is listed with another result than its reviews come to")
def listed_with_a_result_before_any_review(world):
    ReviewResult.objects.create(
        application=world.assigned, review_round=world.assigned.review_round, reviews=1, mean=4, spread=0
    )
    return world.assigned


@breaks(18, "counts as advised on without advice")
def advice_taken_away(world):
    remove(world.advised.advice)
    return world.advised


@breaks(18, "is on an application that does not count as advised on")
def advice_before_its_time(world):
    at, chair = later(world.assigned, days=2), world.committee.chair
    open_to(world.assigned, chair, at=at)
    return copy_of(world.advised.advice, application=world.assigned, fixed_at=at)


@breaks(18, "was measured by another amount than was asked")
def advice_on_another_amount(world):
    advice = world.advised.advice
    return force(advice, requested_amount=advice.requested_amount + 1)


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(world: World, rule: int, sentence: str, act: Callable[[World], Any]) -> None:
    rows = act(world)
    assert list(invariants.violations()) == named(rule, sentence, rows)


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences | {UNBALANCED}


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


CONSTRAINTS: dict[str, tuple[Any, Callable[[World], Any]]] = {
    "interest_declaration_one_that_counts": (
        InterestDeclaration,
        lambda world: twice(declaration(world)),
    ),
    "interest_is_explained": (
        InterestDeclaration,
        lambda world: force(declaration(world), has_interest=True),
    ),
    "measure_has_author_and_moment": (
        InterestDeclaration,
        lambda world: force(declaration(world), measure="Leest niet mee."),
    ),
    "measure_never_by_the_person_concerned": (
        InterestDeclaration,
        lambda world: force(
            declaration(world), measure="Leest mee.", measure_by=world.committee.chair, measure_at=AT
        ),
    ),
    "interest_put_aside_by_somebody_with_a_reason": (
        InterestDeclaration,
        lambda world: force(declaration(world), put_aside_because="x"),
    ),
    "interest_never_put_aside_by_the_person_concerned": (
        InterestDeclaration,
        lambda world: force(
            declaration(world),
            put_aside_because="x",
            put_aside_by=world.committee.chair,
            put_aside_at=AT,
        ),
    ),
    "covered_tie_once_per_measure": (CoveredTie, lambda world: [covered(world), covered(world)]),
    "affiliation_of_an_organisation": (
        Affiliation,
        lambda world: Affiliation.objects.create(
            user=world.committee.chair, kind=AffiliationKind.BOARD, noted_at=AT, kvk_number="123", name="x"
        ),
    ),
    "assignment_once_per_reviewer": (Assignment, lambda world: twice(assignment_of(world))),
    "assignment_ended_for_a_reason": (
        Assignment,
        lambda world: force(assignment_of(world), ended_because="office"),
    ),
    "review_complete_has_its_moment": (
        Review,
        lambda world: force(complete_review(world), completed_at=None),
    ),
    "advice_rank_once_per_round": (
        CommitteeAdvice,
        lambda world: [
            force(each.advice, rank=1, review_round=world.advised.review_round)
            for each in (world.advised, world.granted)
        ],
    ),
    "withdrawn_review_is_explained": (
        WithdrawnReview,
        lambda world: WithdrawnReview.objects.create(
            review=complete_review(world), completed_at=AT, scores={}, reason="", withdrawn_at=AT
        ),
    ),
    "withdrawn_review_knowing_others_was_allowed": (
        WithdrawnReview,
        lambda world: WithdrawnReview.objects.create(
            review=complete_review(world),
            completed_at=AT,
            scores={},
            reason="x",
            withdrawn_at=AT,
            knew_others=True,
        ),
    ),
    "withdrawal_request_one_unanswered": (
        WithdrawalRequest,
        lambda world: [asked(world), asked(world)],
    ),
    "withdrawal_request_is_explained": (WithdrawalRequest, lambda world: asked(world, reason="")),
    "withdrawal_request_answered_by_somebody": (
        WithdrawalRequest,
        lambda world: asked(world, is_allowed=True),
    ),
    "withdrawn_advice_is_explained": (
        WithdrawnAdvice,
        lambda world: WithdrawnAdvice.objects.create(
            number=1,
            application=world.advised,
            outcome="rejected",
            amount=0,
            text="x",
            mean_score=1,
            fixed_by=world.committee.chair,
            fixed_at=AT,
            reason="",
            withdrawn_by=world.committee.chair,
            withdrawn_at=AT,
        ),
    ),
    "score_once_per_criterion": (Score, lambda world: twice(complete_review(world).scores.order_by("pk")[0])),
    "Review.assignment": (Review, lambda world: twice(begun(world))),
    "CommitteeAdvice.application": (CommitteeAdvice, lambda world: twice(world.advised.advice)),
    "advice_amount_fits_its_outcome": (
        CommitteeAdvice,
        lambda world: force(world.advised.advice, amount=0),
    ),
    "advice_has_reasons": (CommitteeAdvice, lambda world: force(world.advised.advice, text="")),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(world: World, name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, lambda: act(world))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
