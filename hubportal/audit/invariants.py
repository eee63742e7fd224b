"""What must be true of the event log (rule 21)."""

from collections.abc import Iterator

from hubportal.audit.domain.verification import breaches
from hubportal.kernel.invariants import Violation


def violations() -> Iterator[Violation]:
    """Yield each break of the chain."""
    for sentence in breaches():
        yield Violation(21, "audit.AuditBatch", None, sentence)
