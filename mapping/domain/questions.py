"""Adding and changing participation questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_version
from mapping.domain.involvement import Part, part_of
from mapping.enums import QuestionState
from mapping.events import QUESTION_HIDDEN, QUESTION_SHOWN, QUESTION_WRITTEN
from mapping.models import Engagement, ParticipationQuestion
from mapping.permissions import may_map
from mapping.queries import engagements_on_map, question_added_with
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Municipality, Region


@dataclass(frozen=True)
class QuestionFacts:
    """What is kept of a question beside its words: what it is about, who asks, and whether visitors see it."""

    theme: str = ""
    plans: list[str] = field(default_factory=list)
    phase: str = ""
    asked_by: str = ""
    target_groups: str = ""
    less_heard: list[str] = field(default_factory=list)
    until_on: date | None = None
    state: str = QuestionState.OPEN.value
    is_public: bool = False
    how_to_join: str = ""


_NOTHING_MORE = QuestionFacts()
# Who is involved, and in which forms.
Forms = Mapping[Organisation, Collection[str]]


@transaction.atomic(durable=True)
def save_question(
    *,
    region: Region,
    title: str,
    description: str,
    municipality: Municipality | None,
    forms: Forms,
    more: QuestionFacts = _NOTHING_MORE,
    actor: User,
    at: datetime,
    question_id: int | None = None,
    seen_version: int | None = None,
    added_with: UUID | None = None,
) -> ParticipationQuestion:
    """Save a question of a region and who is involved in it in which forms; with an id, change that question.

    Idempotent; for a new one where ``added_with``, a key of the page's own, is given. Raises ``NotAllowed`` when the region
    is not assigned to the actor, ``NewerVersion`` when something else was saved over the seen version (rule 12), and
    ``RuleViolation`` for a municipality of another region, an organisation that is not active in this one, and a form
    that would go with what was written down of it.
    """
    may_map.check(actor, region)
    # A second click waits here, and then finds the question.
    lock_person(actor)
    if question_id is None and added_with and (earlier := question_added_with(added_with, region)):
        return earlier
    _check_in_region(region, municipality, forms)
    if question_id is None:
        question = _new(region, added_with, actor=actor, at=at)
    else:
        question = ParticipationQuestion.objects.select_for_update().get(pk=question_id, region=region)
        if _kept(question) == (title, description, municipality, more, _pairs(forms)):
            return question
        if seen_version is not None:
            check_version(question.version, seen_version)
    was_public = question.is_public
    question.title, question.description, question.municipality = title, description, municipality
    _write(question, more, forms, actor=actor, at=at)
    _record(question, was_public=was_public, actor=actor, at=at)
    return question


def more_of(question: ParticipationQuestion) -> QuestionFacts:
    """Return what is kept of a question beside its words."""
    return QuestionFacts(**{each.name: getattr(question, each.name) for each in fields(QuestionFacts)})


def _new(region: Region, added_with: UUID | None, *, actor: User, at: datetime) -> ParticipationQuestion:
    return ParticipationQuestion(
        region=region, created_by=actor, created_at=at, added_with=added_with, version=0
    )


def _record(question: ParticipationQuestion, *, was_public: bool, actor: User, at: datetime) -> None:
    record(QUESTION_WRITTEN, subject=question, actor=actor, at=at)
    if question.is_public and not was_public:
        record(QUESTION_SHOWN, subject=question, actor=actor, at=at)
    elif was_public and not question.is_public:
        record(QUESTION_HIDDEN, subject=question, actor=actor, at=at)


def _check_in_region(region: Region, municipality: Municipality | None, forms: Forms) -> None:
    if municipality is not None and municipality.region_id != region.pk:
        raise RuleViolation(_("This municipality lies in another region."), field="municipality")
    active = organisations_in(region).filter(pk__in=[each.pk for each in forms])
    # Locked before the question, as who takes one of them off the map does it.
    if len(active.select_for_update(no_key=True).order_by("pk")) != len(forms):
        raise RuleViolation(_("An organisation that is involved must be active in the region."))


def _write(
    question: ParticipationQuestion, more: QuestionFacts, forms: Forms, *, actor: User, at: datetime
) -> None:
    for each in fields(more):
        setattr(question, each.name, getattr(more, each.name))
    question.version += 1
    question.changed_at, question.changed_by = at, actor
    question.save()
    # What stays is the same row: undoing a merge carries that back.
    kept = {(each.organisation_id, each.form): each for each in _shown(question)}
    wanted = _pairs(forms)
    gone = [each for pair, each in kept.items() if pair not in wanted]
    if told := next((each for each in gone if part_of(each) != Part()), None):
        # All of it is undone by the refusal.
        raise RuleViolation(
            _("Something was written down of how %(name)s is involved. Remove that form in the matrix.")
            % {"name": told.organisation.name}
        )
    Engagement.objects.filter(pk__in=[each.pk for each in gone]).delete()
    Engagement.objects.bulk_create(
        Engagement(question=question, organisation=organisation, form=form)
        for organisation, chosen in forms.items()
        for form in dict.fromkeys(chosen)
        if (organisation.pk, form) not in kept
    )


def _shown(question: ParticipationQuestion) -> Any:
    return engagements_on_map().filter(question=question).select_related("organisation").order_by("pk")


def _kept(question: ParticipationQuestion) -> tuple[object, ...]:
    involved = {(each.organisation_id, each.form) for each in _shown(question)}
    return question.title, question.description, question.municipality, more_of(question), involved


def _pairs(forms: Forms) -> set[tuple[int, str]]:
    return {(organisation.pk, form) for organisation, chosen in forms.items() for form in chosen}
