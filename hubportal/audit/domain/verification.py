"""Proving that the chain is whole."""

from collections.abc import Iterator

from hubportal.audit.domain.events import FIRST_PREVIOUS, batch_digest
from hubportal.audit.models import AuditBatch, AuditEvent


def breaches() -> Iterator[str]:
    """Yield a sentence for each link that does not fit the one before it or its own events."""
    previous, number = FIRST_PREVIOUS, 0
    for batch in AuditBatch.objects.order_by("number").iterator():
        number += 1
        if batch.number != number or batch.previous_digest != previous:
            yield f"link {batch.number} of the audit chain does not follow the link before it"
        events = list(AuditEvent.objects.filter(link__batch=batch).order_by("pk"))
        if len(events) != batch.events or batch_digest(batch.previous_digest, events) != batch.digest:
            yield f"link {batch.number} of the audit chain does not match its events"
        previous, number = batch.digest, batch.number
