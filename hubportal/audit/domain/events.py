"""Recording acts and linking them into the chain."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction

from hubportal.audit.events import Act
from hubportal.audit.models import AuditBatch, AuditEvent, AuditLink
from hubportal.audit.queries import last_batch
from hubportal.kernel.canonical import canonical_bytes, digest

FIRST_PREVIOUS = "0" * 64
# Any number, the same everywhere: who holds this lock of the database links events.
_LINKING_LOCK = 7_301_024
_RECORD_ALL = """
    INSERT INTO audit_auditevent (act, subject_type, actor_id, happened_at, facts, is_steering, subject_id)
    SELECT %s, %s, %s::bigint, %s, %s::jsonb, %s, chosen.id FROM ({chosen}) AS chosen (id)
"""


class Actor(Protocol):
    """An actor with an id."""

    pk: Any


def record(
    act: Act,
    *,
    subject: models.Model,
    actor: Actor | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    is_steering: bool = False,
) -> AuditEvent:
    """Record one act within the transaction that does it; ``facts`` hold ids, names of fields and statuses.

    With ``is_steering`` who does it takes part by it this time, as by an act that always is. Raises ``ValueError`` for a fact
    that the act does not declare.
    """
    act.check_facts(facts or {})
    values = _values(act, subject, actor, at, facts)
    return AuditEvent.objects.create(**values, is_steering=is_steering or act.is_steering)


def record_all(
    act: Act,
    *,
    subjects: models.QuerySet[Any],
    actor: Actor | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Record the same act on every row of a queryset, in one statement and in the order of their ids.

    Raises ``ValueError`` for a fact that the act does not declare.
    """
    act.check_facts(facts or {})
    try:
        chosen, parameters = subjects.order_by("pk").values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    values = [
        act.name,
        subjects.model._meta.label_lower,
        actor.pk if actor else None,
        at,
        json.dumps(facts or {}),
        act.is_steering,
    ]
    with connection.cursor() as cursor:
        # Only the statement of the queryset, whose values are parameters too, is put into the text.
        cursor.execute(_RECORD_ALL.format(chosen=chosen), [*values, *parameters])


def _values(
    act: Act, subject: models.Model, actor: Actor | None, at: datetime, facts: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "act": act.name,
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
        "actor_id": actor.pk if actor else None,
        "happened_at": at,
        "facts": dict(facts or {}),
    }


@transaction.atomic(durable=True)
def link_events(*, at: datetime, limit: int = 5000) -> int:
    """Link the events that are in no batch yet, and return how many; 0 while another worker holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LINKING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    events = list(AuditEvent.objects.filter(link__isnull=True).order_by("pk")[:limit])
    if not events:
        return 0
    last = last_batch()
    previous = last.digest if last else FIRST_PREVIOUS
    batch = AuditBatch.objects.create(
        number=last.number + 1 if last else 1,
        linked_at=at,
        events=len(events),
        previous_digest=previous,
        digest=batch_digest(previous, events),
    )
    AuditLink.objects.bulk_create((AuditLink(event=each, batch=batch) for each in events), batch_size=2000)
    return len(events)


def batch_digest(previous: str, events: Iterable[AuditEvent]) -> str:
    """Return the digest of a link: of the digest before it and its events in order."""
    return digest(b"\n".join([previous.encode(), *(event_bytes(each) for each in events)]))


def event_bytes(event: AuditEvent) -> bytes:
    """Return the exact bytes by which an event is proved."""
    return canonical_bytes(
        {
            "version": 1,
            "id": event.pk,
            "happened_at": event.happened_at,
            "actor": event.actor_id,
            "act": event.act,
            "subject": [event.subject_type, event.subject_id],
            "facts": event.facts,
        }
    )
