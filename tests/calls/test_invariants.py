"""Each rule of calls that is broken by hand in the database is named, with its row."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from calls import invariants
from calls.models import (
    BudgetHeading,
    Call,
    Condition,
    Criterion,
    CriterionStep,
    EmptyForm,
    GlossaryWord,
    MandatedPerson,
    RejectionGround,
    ReviewRound,
    SectionSpec,
)
from tests.breaking import (
    Breaks,
    check_constraint,
    copy_of,
    drop,
    force,
    kept_for_a_module,
    named,
    sentences_in,
)
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db

breaks = Breaks()


@pytest.fixture(scope="module")
def call(django_db_setup: None, django_db_blocker: Any) -> Iterator[Call]:
    with kept_for_a_module(django_db_blocker, CallFactory.create) as built:
        yield built


@breaks(1, "the weights of its criteria do not add up to 100")
def weights(call):
    criterion = call.criteria.first()
    force(criterion, weight=criterion.weight - 1)
    return call


@breaks(1, "has no sentence for every step of the scale")
def a_step_without_a_sentence(call):
    criterion = call.criteria.first()
    criterion.steps.first().delete()
    return criterion


@breaks(1, "has no sentence for every step of the scale")
def a_longer_scale(call):
    force(call, highest_score=6)
    return list(call.criteria.order_by("pk"))


@breaks(1, "is weighed by a criterion of another call")
def a_criterion_of_another_call(call):
    section = call.sections.get(key="regio")
    section.criteria.add(CallFactory.create().criteria.get(key="doel"))
    return section


@breaks(3, "opens before its call")
def a_round_before_the_call(call):
    first = call.rounds.get(number=1)
    return force(first, opens_at=first.opens_at - timedelta(hours=1))


@breaks(3, "overlaps another round of its call")
def rounds_at_once(call):
    drop(ReviewRound, "review_rounds_of_a_call_do_not_overlap")
    first, second = call.rounds.order_by("number")[:2]
    return [first, force(second, opens_at=first.deadline_at - timedelta(seconds=1))]


@breaks(20, "has no ground on which it can reject")
def no_ground_to_reject_on(call):
    call.rejection_grounds.all().delete()
    return call


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(call: Call, rule: int, sentence: str, act: Callable[[Call], Any]) -> None:
    rows = act(call)
    assert list(invariants.violations()) == named(rule, sentence, rows)


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


def step(call: Call) -> CriterionStep:
    found = CriterionStep.objects.filter(criterion__call=call).order_by("pk").first()
    assert found is not None
    return found


def a_mandate(call: Call, **values: Any) -> MandatedPerson:
    return force(call.mandated.get(), **values)


CONSTRAINTS: dict[str, tuple[Any, Callable[[Call], Any]]] = {
    "call_scores_in_order": (Call, lambda call: force(call, lowest_score=5)),
    "criterion_once_per_call": (Criterion, lambda call: twice(call.criteria.first())),
    "criterion_weight_is_a_percentage": (Criterion, lambda call: force(call.criteria.first(), weight=101)),
    "criterion_step_once_per_score": (CriterionStep, lambda call: twice(step(call))),
    "budget_heading_once_per_call": (BudgetHeading, lambda call: twice(call.headings.first())),
    "section_spec_once_per_call": (SectionSpec, lambda call: twice(call.sections.first())),
    "section_spec_allows_some_text": (
        SectionSpec,
        lambda call: force(call.sections.first(), max_characters=0),
    ),
    "rejection_ground_once_per_call": (
        RejectionGround,
        lambda call: twice(call.rejection_grounds.first()),
    ),
    "glossary_word_once_per_call": (GlossaryWord, lambda call: twice(call.words.first())),
    "glossary_word_has_a_meaning": (GlossaryWord, lambda call: force(call.words.first(), meaning="")),
    "condition_once_per_call": (Condition, lambda call: twice(call.conditions.first())),
    "condition_says_why_and_what_instead": (
        Condition,
        lambda call: force(call.conditions.first(), instead=""),
    ),
    "empty_form_once_per_kind": (EmptyForm, lambda call: twice(call.empty_forms.get(kind="pdf"))),
    "empty_form_of_a_known_kind": (
        EmptyForm,
        lambda call: force(call.empty_forms.get(kind="pdf"), kind="odt"),
    ),
    "empty_form_made_has_its_file": (
        EmptyForm,
        lambda call: force(call.empty_forms.get(kind="pdf"), made_at=call.opens_at),
    ),
    "mandate_lasts_a_day_or_more": (
        MandatedPerson,
        lambda call: a_mandate(call, valid_until=call.opens_at.date() - timedelta(days=400)),
    ),
    "call_gives_six_weeks_to_object": (Call, lambda call: force(call, objection_weeks=5)),
    "rejection_ground_has_a_sentence": (
        RejectionGround,
        lambda call: force(call.rejection_grounds.first(), sentence=""),
    ),
    "review_round_one_per_number": (
        ReviewRound,
        lambda call: [call.rounds.get(number=1), force(call.rounds.get(number=2), number=1)],
    ),
    "review_round_opens_before_its_deadline": (
        ReviewRound,
        lambda call: force(call.rounds.get(number=1), deadline_at=call.opens_at),
    ),
    "review_round_sealed_only_after_its_deadline": (
        ReviewRound,
        lambda call: force(call.rounds.get(number=1), sealed_at=call.opens_at),
    ),
    "call_grant_maximum_within_ceiling": (Call, lambda call: force(call, grant_maximum=call.ceiling + 1)),
    "call_takes_questions_once_it_opened": (Call, lambda call: force(call, questions_until=call.opens_at)),
    "call_durations_in_order": (Call, lambda call: force(call, min_months=7)),
    "call_reminds_before_signing_ends": (Call, lambda call: force(call, signing_reminder_days=7)),
    "call_reminds_of_a_deadline_twice": (Call, lambda call: force(call, deadline_reminder_days=2)),
    "call_waits_before_a_draft_is_given": (Call, lambda call: force(call, takeover_days=2)),
    "call_budget_fits_a_form": (Call, lambda call: force(call, max_budget_lines=0)),
    "call_of_two_parties_or_more": (Call, lambda call: force(call, min_parties=1)),
    "call_of_two_reviewers_or_more": (Call, lambda call: force(call, reviewers_per_application=1)),
    "call_grants_within_ceiling": (Call, lambda call: force(call, granted_total=call.ceiling + 1)),
    "review_round_grants_within_ceiling": (
        ReviewRound,
        lambda call: force(call.rounds.get(number=1), ceiling=0, granted_total=1),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(call: Call, name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, lambda: act(call))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
