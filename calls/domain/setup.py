"""Setting up a call from data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from calls.domain.attachment_kinds import check_attachment_kinds
from calls.domain.helping import check_help
from calls.domain.rounds import expected_award
from calls.enums import FormKind
from calls.events import SET_UP
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
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import AMSTERDAM
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.periods import OBJECTION_WEEKS

_AMOUNTS = frozenset({"ceiling", "grant_maximum"})
_MOMENTS = frozenset({"opens_at", "questions_until"})


def set_up_call(spec: Mapping[str, Any], *, at: datetime) -> Call:
    """Create a call with its rounds, sections, headings, criteria, grounds and mandates from data, within the caller's act. Idempotent: an existing call stays.

    The shape is that of ``fixtures/call_2024.json``: moments are wall-clock times in the Netherlands,
    amounts are texts. Raises ``RuleViolation`` for weights that do not add up to 100, for a scale with a
    missing step, for less than six weeks to object, without a ground to reject on, for questions after the last deadline, and what ``check_help`` and ``check_attachment_kinds`` raise.
    """
    existing = Call.objects.filter(slug=spec["call"]["slug"]).first()
    if existing is not None:
        return existing
    _check(spec)
    call = Call.objects.create(**_call_values(spec["call"]))
    for number, each in enumerate(spec["rounds"], start=1):
        _add_round(call, number, each)
    _add_parts(call, spec)
    EmptyForm.objects.bulk_create(EmptyForm(call=call, kind=each, asked_at=at) for each in FormKind.values)
    record(SET_UP, subject=call, actor=None, at=at)
    return call


def _call_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: Decimal(value) if name in _AMOUNTS else moment(value) if name in _MOMENTS else value
        for name, value in values.items()
    }


def moment(typed: str) -> datetime:
    """Return the moment of a wall-clock time in the Netherlands, such as ``2024-05-14T14:00``."""
    return datetime.fromisoformat(typed).replace(tzinfo=AMSTERDAM)


def _add_round(call: Call, number: int, spec: Mapping[str, Any]) -> None:
    deadline_at = moment(spec["deadline_at"])
    ReviewRound.objects.create(
        call=call,
        number=number,
        opens_at=moment(spec["opens_at"]),
        deadline_at=deadline_at,
        award_expected_on=expected_award(deadline_at, weeks=call.award_weeks),
        ceiling=Decimal(spec["ceiling"]) if spec.get("ceiling") else None,
        provisional=spec.get("provisional", []),
    )


def _add_parts(call: Call, spec: Mapping[str, Any]) -> None:
    BudgetHeading.objects.bulk_create(
        BudgetHeading(call=call, position=position, **each)
        for position, each in enumerate(spec["headings"], start=1)
    )
    _add_sections(call, spec["sections"], _add_criteria(call, spec["criteria"]))
    GlossaryWord.objects.bulk_create(
        GlossaryWord(call=call, position=position, **each)
        for position, each in enumerate(spec.get("words", []), start=1)
    )
    Condition.objects.bulk_create(
        Condition(call=call, position=position, **each)
        for position, each in enumerate(spec.get("conditions", []), start=1)
    )
    MandatedPerson.objects.bulk_create(MandatedPerson(call=call, **each) for each in spec["mandated"])
    RejectionGround.objects.bulk_create(
        RejectionGround(call=call, position=position, **each)
        for position, each in enumerate(spec["grounds"], start=1)
    )


def _add_sections(call: Call, specs: Sequence[Mapping[str, Any]], criteria: Mapping[str, Criterion]) -> None:
    """Add the sections, each with the criteria that its data names."""
    sections = SectionSpec.objects.bulk_create(
        SectionSpec(call=call, position=position, **{name: each[name] for name in each if name != "criteria"})
        for position, each in enumerate(specs, start=1)
    )
    weighed = SectionSpec.criteria.through
    weighed.objects.bulk_create(
        weighed(sectionspec=section, criterion=criteria[key])
        for section, each in zip(sections, specs, strict=True)
        for key in each.get("criteria", [])
    )


def _add_criteria(call: Call, specs: Sequence[Mapping[str, Any]]) -> dict[str, Criterion]:
    """Add the criteria with the sentences of their scales; return them by key."""
    criteria = Criterion.objects.bulk_create(
        Criterion(call=call, position=position, **{name: each[name] for name in each if name != "steps"})
        for position, each in enumerate(specs, start=1)
    )
    CriterionStep.objects.bulk_create(
        CriterionStep(criterion=criterion, score=score, sentence=sentence)
        for criterion, each in zip(criteria, specs, strict=True)
        for score, sentence in enumerate(each["steps"], start=call.lowest_score)
    )
    return {each.key: each for each in criteria}


def _check(spec: Mapping[str, Any]) -> None:
    if sum(each["weight"] for each in spec["criteria"]) != 100:
        raise RuleViolation(_("The weights of the criteria must add up to 100."), field="criteria")
    steps = spec["call"].get("highest_score", 5) - spec["call"].get("lowest_score", 1) + 1
    if any(len(each["steps"]) != steps for each in spec["criteria"]):
        raise RuleViolation(_("Each criterion needs a sentence for every score."), field="criteria")
    if spec["call"].get("objection_weeks", OBJECTION_WEEKS) < OBJECTION_WEEKS:
        raise RuleViolation(_("One has six weeks to object, never less."), field="objection_weeks")
    if not spec["grounds"]:
        raise RuleViolation(_("A call needs a ground for rejection."), field="grounds")
    last = max(moment(each["deadline_at"]) for each in spec["rounds"])
    if "questions_until" in spec["call"] and moment(spec["call"]["questions_until"]) > last:
        raise RuleViolation(_("Nobody asks questions after the last deadline."), field="questions_until")
    check_attachment_kinds(spec["call"])
    check_help(spec)
