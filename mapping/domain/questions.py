"""Adding and changing participation questions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_version
from mapping.events import QUESTION_WRITTEN
from mapping.models import Engagement, ParticipationQuestion
from mapping.permissions import may_map
from mapping.queries import engagements_on_map, question_added_with
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Municipality, Region


@transaction.atomic(durable=True)
def save_question(
    *,
    region: Region,
    title: str,
    description: str,
    municipality: Municipality | None,
    forms: Mapping[Organisation, str],
    actor: User,
    at: datetime,
    question_id: int | None = None,
    seen_version: int | None = None,
    added_with: UUID | None = None,
) -> ParticipationQuestion:
    """Save a question of a region and who is involved in it; with an id, change that question.

    Idempotent; for a new one where ``added_with``, a key of the page's own, is given. Raises ``NotAllowed`` when the region
    is not assigned to the actor, ``NewerVersion`` when something else was saved over the seen version (rule 12), and
    ``RuleViolation`` for a municipality of another region, or for an organisation that is not active in this one.
    """
    may_map.check(actor, region)
    # A second click waits here, and then finds the question.
    lock_person(actor)
    if question_id is None and added_with and (earlier := question_added_with(added_with, region)):
        return earlier
    _check_in_region(region, municipality, forms)
    if question_id is None:
        new = {"created_by": actor, "created_at": at, "added_with": added_with, "version": 0}
        question = ParticipationQuestion(region=region, **new)
    else:
        question = ParticipationQuestion.objects.select_for_update().get(pk=question_id, region=region)
        typed = (title, description, municipality and municipality.pk, _keys(forms))
        if typed == _kept(question):
            return question
        if seen_version is not None:
            check_version(question.version, seen_version)
    question.title, question.description, question.municipality = title, description, municipality
    _write(question, forms, actor=actor, at=at)
    record(QUESTION_WRITTEN, subject=question, actor=actor, at=at)
    return question


def _check_in_region(
    region: Region, municipality: Municipality | None, forms: Mapping[Organisation, str]
) -> None:
    if municipality is not None and municipality.region_id != region.pk:
        raise RuleViolation(_("This municipality lies in another region."), field="municipality")
    active = organisations_in(region).filter(pk__in=[each.pk for each in forms])
    # Locked before the question, as who takes one of them off the map does it.
    if len(active.select_for_update(no_key=True).order_by("pk")) != len(forms):
        raise RuleViolation(_("An organisation that is involved must be active in the region."))


def _write(
    question: ParticipationQuestion, forms: Mapping[Organisation, str], *, actor: User, at: datetime
) -> None:
    question.version += 1
    question.changed_at, question.changed_by = at, actor
    question.save()
    # What stays is the same row: undoing a merge carries that back.
    listed = engagements_on_map().filter(question=question)
    listed.exclude(organisation__in=list(forms)).delete()
    kept = dict(listed.values_list("organisation", "form"))
    for organisation, form in forms.items():
        if kept.get(organisation.pk, form) != form:
            listed.filter(organisation=organisation).update(form=form)
    Engagement.objects.bulk_create(
        Engagement(question=question, organisation=organisation, form=form)
        for organisation, form in forms.items()
        if organisation.pk not in kept
    )


def _kept(question: ParticipationQuestion) -> tuple[object, ...]:
    listed = engagements_on_map().filter(question=question)
    involved = dict(listed.values_list("organisation", "form"))
    return question.title, question.description, question.municipality_id, involved


def _keys(forms: Mapping[Organisation, str]) -> dict[int, str]:
    return {organisation.pk: form for organisation, form in forms.items()}
