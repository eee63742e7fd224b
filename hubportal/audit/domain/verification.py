"""Verifying the chain."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from hubportal.audit.domain.events import FIRST_PREVIOUS, batch_digest
from hubportal.audit.models import AuditBatch, AuditEvent, AuditLink


class Breach(NamedTuple):
    """A link of the chain that was tampered with, and a sentence."""

    batch_id: int
    sentence: str


def breaches() -> Iterator[str]:
    """Yield a sentence for each link that does not fit the one before it or its own events."""
    for breach in broken_links():
        yield breach.sentence


def broken_links() -> Iterator[Breach]:
    """Yield each link that does not fit the one before it or its own events."""
    previous, number = FIRST_PREVIOUS, 0
    for batch, events in _links():
        number += 1
        if batch.number != number or batch.previous_digest != previous:
            yield Breach(
                batch.pk, f"link {batch.number} of the audit chain does not follow the link before it"
            )
        if len(events) != batch.events or batch_digest(batch.previous_digest, events) != batch.digest:
            yield Breach(batch.pk, f"link {batch.number} of the audit chain does not match its events")
        previous, number = batch.digest, batch.number


def _links() -> Iterator[tuple[AuditBatch, list[AuditEvent]]]:
    """Yield each link with its events, in order, from two queries however long the chain is."""
    links = AuditLink.objects.select_related("event").order_by("batch__number", "event_id").iterator()
    grouped = groupby(links, key=lambda each: each.batch_id)
    held = next(grouped, None)
    for batch in AuditBatch.objects.order_by("number").iterator():
        events: list[AuditEvent] = []
        if held is not None and held[0] == batch.pk:
            events = [each.event for each in held[1]]
            held = next(grouped, None)
        yield batch, events
