"""Listing what is past its retention period: nothing is destroyed that was not reported first."""

from datetime import datetime

from django.db import transaction

from hubportal.audit.domain.events import record
from retention.enums import DataKind, Method
from retention.events import REPORTED
from retention.models import DestructionReport, ListedRow, RetentionPeriod
from retention.queries import is_destroyed_here, past_period

# More waits for the next report.
MAX_ROWS = 5000


@transaction.atomic(durable=True)
def make_report(*, period_id: int, at: datetime) -> DestructionReport | None:
    """List what of a kind is past its period; ``None`` if there is nothing, or an open report of it. Idempotent."""
    period = RetentionPeriod.objects.select_for_update().get(pk=period_id)
    kind, before = DataKind(period.kind), period.began_before(at)
    if before is None or not is_destroyed_here(kind):
        return None
    if DestructionReport.objects.filter(kind=kind, closed_at=None).exists():
        return None
    period.looked_at = at
    period.save(update_fields=["looked_at"])
    found = list(past_period(kind, before=before).values_list("pk", "kept_since")[:MAX_ROWS])
    if not found:
        return None
    assert period.length is not None  # it ends
    report = DestructionReport.objects.create(
        kind=kind,
        length=period.length,
        unit=period.unit,
        counts_from=period.counts_from,
        basis=period.basis,
        method=method_of(kind),
        made_at=at,
        listed=len(found),
        oldest_since=found[0][1],
    )
    ListedRow.objects.bulk_create(
        (ListedRow(report=report, row_id=row_id, kept_since=since) for row_id, since in found),
        batch_size=1000,
    )
    record(REPORTED, subject=report, actor=None, at=at, facts={"kind": kind.value})
    return report


def method_of(kind: DataKind) -> Method:
    """Return how data of a kind are destroyed."""
    return Method.EMPTIED if kind == DataKind.MAIL_TEXTS else Method.REMOVED
