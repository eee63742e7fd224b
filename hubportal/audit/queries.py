"""Reads of the event log."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from hubportal.audit.events import Act
from hubportal.audit.models import AuditBatch, AuditEvent


def events_newest_first(*, acts: Collection[str] | None = None) -> QuerySet[AuditEvent]:
    """Return the events, of these acts or of all, newest first."""
    events = AuditEvent.objects.order_by("-pk")
    return events if acts is None else events.filter(act__in=acts)


def events_of(actor_id: int, act: Act) -> QuerySet[AuditEvent]:
    """Return each time that a person did one thing, whatever became of it since."""
    return AuditEvent.objects.filter(actor_id=actor_id, act=act.name)


def last_batch() -> AuditBatch | None:
    """Return the newest link of the chain, or ``None`` while it has none."""
    return AuditBatch.objects.order_by("-number").first()


def numbers_of_events() -> dict[str, int]:
    """Return how many events the chain holds (``linked``) and how many wait for it (``unlinked``)."""
    return AuditEvent.objects.aggregate(linked=Count("link"), unlinked=Count("pk", filter=Q(link=None)))
