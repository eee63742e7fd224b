"""Invariants of the event log (rule 21), and of the text that people put into any row (rule 33)."""

from collections.abc import Iterator

from hubportal.audit.domain.typed_columns import typed_fields
from hubportal.audit.domain.verification import broken_links
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.kernel.text import INVISIBLE_IN_ROWS


def violations() -> Iterator[Violation]:
    """Yield each break of the chain."""
    for breach in broken_links():
        yield Violation(21, "audit.AuditBatch", breach.batch_id, breach.sentence)
    for field in typed_fields():
        rows = field.model._base_manager
        yield from each_breaks(
            33,
            rows.filter(**{f"{field.name}__regex": INVISIBLE_IN_ROWS}),
            f"{field.name} holds signs that nobody can see",
        )
        if field.name == "name" or field.name.endswith("_name"):
            yield from each_breaks(
                33, rows.filter(**{f"{field.name}__iregex": r"://|\mwww\."}), f"{field.name} holds a link"
            )
