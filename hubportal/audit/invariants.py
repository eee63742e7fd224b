"""Invariants of the event log (rule 21)."""

from collections.abc import Iterator

from hubportal.audit.domain.verification import broken_links
from hubportal.kernel.invariants import Violation


def violations() -> Iterator[Violation]:
    """Yield each break of the chain."""
    for breach in broken_links():
        yield Violation(21, "audit.AuditBatch", breach.batch_id, breach.sentence)
