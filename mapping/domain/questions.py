"""Adding and changing participation questions."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.events import QUESTION_WRITTEN
from mapping.models import Engagement, ParticipationQuestion
from mapping.permissions import may_map
from mapping.queries import engagements_on_map
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
) -> ParticipationQuestion:
    """Save a question of a region and who is involved in it; with an id, change that question.

    Raises ``NotAllowed`` when the region is not assigned to the actor, and ``RuleViolation`` for a
    municipality of another region, or for an organisation that is not active in this one.
    """
    may_map.check(actor, region)
    if municipality is not None and municipality.region_id != region.pk:
        raise RuleViolation(_("This municipality lies in another region."), field="municipality")
    active = organisations_in(region).filter(pk__in=[each.pk for each in forms])
    if active.count() != len(forms):
        raise RuleViolation(_("An organisation that is involved must be active in the region."))
    if question_id is None:
        question = ParticipationQuestion(region=region, created_by=actor, created_at=at)
    else:
        question = ParticipationQuestion.objects.select_for_update().get(pk=question_id, region=region)
    question.title, question.description, question.municipality = title, description, municipality
    question.save()
    engagements_on_map().filter(question=question).delete()
    Engagement.objects.bulk_create(
        Engagement(question=question, organisation=organisation, form=form)
        for organisation, form in forms.items()
    )
    record(QUESTION_WRITTEN, subject=question, actor=actor, at=at)
    return question
