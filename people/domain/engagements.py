"""Writing down in which questions people take part."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_version
from mapping.domain.involvement import Part, check_parts, parts_of, write_parts
from mapping.models import ParticipationQuestion
from people.domain.keeping import locked_person
from people.events import ENGAGED
from people.models import MappedPerson
from people.permissions import may_keep
from people.queries import engagements_of


@transaction.atomic(durable=True)
def write_person_engagement(
    *,
    person_id: int,
    question_id: int,
    parts: Mapping[str, Part],
    seen_version: int,
    actor: User,
    at: datetime,
) -> MappedPerson:
    """Write down in which forms somebody who agreed to be kept takes part in a question of their region. Idempotent.

    Raises ``NotAllowed``, ``DoesNotExist`` for a question of another region, ``NewerVersion`` when something else was
    saved of the person over the seen version (rule 12), and ``RuleViolation`` for one who did not agree yet or is erased, or
    a form that ends before it began.
    """
    person = locked_person(person_id, at=at)
    may_keep.check(actor, person)
    question = ParticipationQuestion.objects.get(pk=question_id, region=person.region_id)
    if person.consented_at is None:
        raise RuleViolation(_("Until this person agrees you may not keep in which questions they take part."))
    kept = engagements_of(person).filter(question=question)
    if parts_of(kept) == dict(parts):
        return person
    check_version(person.version, seen_version)
    check_parts(parts)
    write_parts(kept, parts, question=question, person=person)
    person.version += 1
    person.changed_by, person.changed_at = actor, at
    person.save(update_fields=["version", "changed_by", "changed_at"])
    # By number alone: the log does not tell in what somebody takes part.
    record(ENGAGED, subject=person, actor=actor, at=at)
    return person
