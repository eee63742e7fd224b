"""Writing down how an organisation is involved in a question."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_version
from mapping.domain.involvement import Part, check_parts, parts_of, write_parts
from mapping.events import ENGAGEMENT_WRITTEN
from mapping.models import Engagement, ParticipationQuestion
from mapping.permissions import may_map
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region


@transaction.atomic(durable=True)
def write_engagement(
    *,
    question_id: int,
    organisation_id: int,
    region: Region,
    parts: Mapping[str, Part],
    seen_version: int,
    actor: User,
    at: datetime,
) -> ParticipationQuestion:
    """Write down in which forms an organisation is involved in a question; none, where it is not. Idempotent.

    Raises ``NotAllowed`` when the region is not assigned to the actor, ``DoesNotExist`` for a question of another one,
    ``NewerVersion`` when something else was saved over the seen version of the question (rule 12), and ``RuleViolation``
    for an organisation that went off the map, or a form that ends before it began.
    """
    may_map.check(actor, region)
    # Before the question, as every act that needs both: whoever merges it or takes it off the map waits, or has done so already.
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    question = ParticipationQuestion.objects.select_for_update().get(pk=question_id, region=region)
    if not organisations_in(region).filter(pk=organisation.pk).exists():
        raise RuleViolation(_("This organisation is no longer on the map of the region."))
    kept = Engagement.objects.filter(question=question, organisation=organisation)
    if parts_of(kept) == dict(parts):
        return question
    check_version(question.version, seen_version)
    check_parts(parts)
    write_parts(kept, parts, question=question, organisation=organisation)
    question.version += 1
    question.changed_at, question.changed_by = at, actor
    question.save(update_fields=["version", "changed_at", "changed_by"])
    facts = {"organisation": organisation.pk, "region": region.pk}
    record(ENGAGEMENT_WRITTEN, subject=question, actor=actor, at=at, facts=facts)
    return question
