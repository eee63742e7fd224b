"""A call is data; nothing of 2024 is a constant in code (rule 1)."""

import ast
import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from calls.domain.attachment_kinds import attachment_kinds
from calls.domain.setup import set_up_call
from calls.invariants import violations
from calls.models import (
    BudgetHeading,
    Call,
    Criterion,
    CriterionStep,
    RejectionGround,
    ReviewRound,
    SectionSpec,
)
from hubportal.kernel.errors import RuleViolation
from letters.domain.loading import load_call_2024, load_rehearsal
from tests.factories.calls import another_call_spec, call_2024_spec, make_call
from tests.factories.moments import AT, CALL_OPENS
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_the_call_of_2024_is_as_it_was_published() -> None:
    call = load_call_2024(settings.BASE_DIR / "fixtures", at=AT)
    assert (call.title, call.opens_at) == ("Coalitievorming regionale participatiehubs", CALL_OPENS)
    assert (call.ceiling, call.grant_maximum) == (Decimal(1_550_000), Decimal(50_000))
    assert (call.min_months, call.max_months, call.min_parties) == (1, 6, 2)
    deadlines = [each.deadline_at.isoformat() for each in call.rounds.all()]
    assert deadlines == [
        "2024-05-14T12:00:00+00:00",
        "2024-06-11T12:00:00+00:00",
        "2024-07-30T12:00:00+00:00",
        "2024-08-27T12:00:00+00:00",
        "2024-09-24T12:00:00+00:00",
    ]
    assert [each.ceiling for each in call.rounds.all()] == [None] * 5
    assert [(each.title, each.weight) for each in call.criteria.all()] == [
        ("Past bij het doel", 25),
        ("Regionale binding en draagvlak", 25),
        ("Aanpak en haalbaarheid", 20),
        ("Betrokkenheid van de mensen om wie het gaat", 20),
        ("Begroting", 10),
    ]
    assert {each.criterion_id: 5 for each in CriterionStep.objects.all()} == {
        each.pk: each.steps.count() for each in call.criteria.all()
    }
    assert (call.sections.count(), call.headings.filter(is_contribution=True).count()) == (8, 1)
    assert {"ceiling", "deciding_body", "opens_at"} <= set(call.provisional)
    assert list(violations()) == []


def test_setting_up_twice_keeps_what_is_there() -> None:
    spec = call_2024_spec()
    first = set_up_call(spec, at=AT)
    Call.objects.filter(pk=first.pk).update(title="Door het bureau gewijzigd")
    assert set_up_call(spec, at=AT) == first
    assert (Call.objects.get().title, ReviewRound.objects.count()) == ("Door het bureau gewijzigd", 5)


def test_the_rehearsal_has_the_rules_of_2024_and_rounds_around_today() -> None:
    folder = settings.BASE_DIR / "fixtures"
    rehearsal = load_rehearsal(folder, today=AT.date(), at=AT)
    call = load_call_2024(folder, at=AT)
    assert rehearsal.is_rehearsal
    assert (rehearsal.grant_maximum, rehearsal.criteria.count()) == (
        call.grant_maximum,
        call.criteria.count(),
    )
    kinds = [(each.key, each.is_required) for each in attachment_kinds(rehearsal)]
    assert (kinds, attachment_kinds(call)) == ([("steun", False), ("bestuur", False)], [])
    assert sum(each.opens_at <= AT < each.deadline_at for each in rehearsal.rounds.all()) == 1


def test_another_call_differs_in_everything_and_is_set_up_from_data() -> None:
    call = make_call(spec=another_call_spec())
    assert (call.grant_maximum, call.max_months, call.min_parties) == (Decimal(120_000), 12, 3)
    assert [(each.number, each.ceiling) for each in call.rounds.all()] == [(1, Decimal(240_000)), (2, None)]
    assert [each.key for each in call.sections.filter(is_required=False)] == ["extra"]
    assert [each.score for each in call.criteria.get(key="nut").steps.all()] == [1, 2, 3, 4]


def change(spec: dict[str, Any], *path: Any, to: Any) -> None:
    for each in path[:-1]:
        spec = spec[each]
    spec[path[-1]] = to


@pytest.mark.parametrize(
    "spoil",
    [
        lambda spec: change(spec, "criteria", 0, "weight", to=26),
        lambda spec: change(spec, "criteria", 0, "steps", to=["Eén stap."]),
        lambda spec: change(spec, "call", "highest_score", to=6),
        lambda spec: change(spec, "grounds", to=[]),
        lambda spec: change(spec, "call", "questions_until", to="2024-09-24T14:01"),
    ],
    ids=[
        "weights",
        "missing steps",
        "longer scale",
        "no ground to reject on",
        "questions after the last deadline",
    ],
)
def test_data_that_cannot_be_a_call_is_refused_whole(spoil: Callable[[dict[str, Any]], None]) -> None:
    spec = copy.deepcopy(call_2024_spec())
    spoil(spec)
    with pytest.raises(RuleViolation):
        set_up_call(spec, at=AT)
    assert not Call.objects.exists()


def test_a_call_whose_weights_do_not_add_up_breaks_rule_1() -> None:
    call = make_call()
    call.criteria.filter(key="doel").update(weight=24)
    bare = make_call(slug="kaal", reference_prefix="KAAL")
    bare.criteria.all().delete()
    assert {(each.rule, each.row) for each in violations()} == {(1, call.pk), (1, bare.pk)}


def test_a_round_before_its_call_opens_breaks_rule_3() -> None:
    call = make_call()
    Call.objects.filter(pk=call.pk).update(opens_at="2024-04-10T09:00Z")
    assert [(each.rule, each.row) for each in violations()] == [(3, call.rounds.get(number=1).pk)]


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("call_grants_within_ceiling", {"granted_total": "1550000.01"}),
        ("call_grants_within_ceiling", {"granted_total": "-0.01"}),
        ("call_grant_maximum_within_ceiling", {"grant_maximum": "1550000.01"}),
        ("call_grant_maximum_within_ceiling", {"grant_maximum": 0}),
        ("call_durations_in_order", {"min_months": 7}),
        ("call_durations_in_order", {"min_months": 0}),
        ("call_reminds_before_signing_ends", {"signing_reminder_days": 7}),
        ("call_reminds_of_a_deadline_twice", {"deadline_reminder_hours": 7 * 24}),
        ("call_takes_questions_once_it_opened", {"questions_until": CALL_OPENS}),
        ("call_waits_before_a_draft_is_given", {"takeover_days": 2}),
        ("call_budget_fits_a_form", {"max_budget_lines": 0}),
        ("call_budget_fits_a_form", {"max_budget_lines": 301}),
        ("call_scores_in_order", {"lowest_score": 5}),
        ("call_scores_in_order", {"lowest_score": 0}),
        ("call_of_two_parties_or_more", {"min_parties": 1}),
        ("call_of_two_reviewers_or_more", {"reviewers_per_application": 1}),
    ],
)
def test_the_database_refuses_a_call_that_cannot_be(constraint: str, values: dict[str, Any]) -> None:
    call = make_call()
    with refused_by(constraint):
        Call.objects.filter(pk=call.pk).update(**values)


def test_the_database_keeps_keys_once_per_call() -> None:
    call = make_call()
    with refused_by("section_spec_once_per_call"):
        SectionSpec.objects.create(call=call, key="regio", position=99, title="x", question="x")
    with refused_by("budget_heading_once_per_call"):
        BudgetHeading.objects.create(call=call, key="personeel", position=99, title="x")
    with refused_by("criterion_once_per_call"):
        Criterion.objects.create(
            call=call, key="doel", position=99, family="quality", title="x", question="x", weight=1
        )
    with refused_by("rejection_ground_once_per_call"):
        RejectionGround.objects.create(call=call, key="commissie", position=9, title="x", sentence="x")
    with refused_by("rejection_ground_has_a_sentence"):
        RejectionGround.objects.create(call=call, key="leeg", position=9, title="x", sentence="")
    with refused_by("criterion_step_once_per_score"):
        CriterionStep.objects.create(criterion=call.criteria.get(key="doel"), score=1, sentence="x")


@pytest.mark.parametrize("weight", [0, 101])
def test_the_database_refuses_a_weight_that_is_no_percentage(weight: int) -> None:
    call = make_call()
    with refused_by("criterion_weight_is_a_percentage"):
        call.criteria.filter(key="doel").update(weight=weight)


def test_the_database_refuses_a_section_without_room() -> None:
    call = make_call()
    with refused_by("section_spec_allows_some_text"):
        call.sections.filter(key="regio").update(max_characters=0)


def test_no_value_of_2024_is_a_constant_in_the_code() -> None:
    values = {50_000, 1_550_000, "50000", "50000.00", "1550000.00", "CRP24", "coalitievorming-2024"}
    apps = [
        "regions",
        "calls",
        "coalitions",
        "letters",
        "applications",
        "reviews",
        "decisions",
        "retention",
        "website",
        "hubportal",
    ]
    found = [
        f"{path}: {node.value}"
        for app in apps
        for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
        if "demo" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in values
    ]
    assert found == []
