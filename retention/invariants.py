"""Invariants of retention (rules 21 and 23)."""

from collections.abc import Iterator

from django.db.models import Count, F, Q, QuerySet

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.mail.models import OutgoingMail
from retention.enums import DataKind, RowOutcome
from retention.models import DestructionReport, ListedRow
from retention.queries import is_destroyed_here, model_of

_CONSTRAINTS = {
    "retention_period_of_a_known_kind": 23,
    "retention_period_of_a_day_or_more": 23,
    "retention_period_leaves_time_to_put_a_draft_back": 21,
    "destruction_report_open_once_per_kind": 23,
    "destruction_report_approved_by_two": 23,
    "destruction_report_approved_in_order": 23,
    "destruction_report_waits_after_approval": 23,
    "destruction_report_taken_back_with_a_reason": 23,
    "destruction_report_declared_after_its_wait": 23,
    "listed_row_once_per_report": 23,
    "listed_row_done_has_its_moment": 23,
}


def violations() -> Iterator[Violation]:
    """Yield each row destroyed too early or still there, and each declaration that does not add up."""
    early = Q(report__destroys_from=None) | Q(done_at__lt=F("report__destroys_from"))
    done = ListedRow.objects.exclude(outcome="")
    yield from each_breaks(23, done.filter(early), "was carried out before two people had approved it")
    for kind in filter(is_destroyed_here, DataKind):
        yield from each_breaks(23, _still_there(kind), "counts as destroyed and is still there")
    yield from each_breaks(23, _not_adding_up(), "declares other numbers than its rows show")
    yield from broken_constraints("retention", _CONSTRAINTS)


def _still_there(kind: DataKind) -> QuerySet[ListedRow]:
    there = (
        OutgoingMail.objects.exclude(body="")
        if kind == DataKind.MAIL_TEXTS
        else model_of(kind)._default_manager.all()
    )
    gone = ListedRow.objects.filter(report__kind=kind, outcome=RowOutcome.DESTROYED)
    return gone.filter(row_id__in=there.order_by().values("pk"))


def _not_adding_up() -> QuerySet[DestructionReport]:
    counted = DestructionReport.objects.filter(destroyed__isnull=False).annotate(
        gone=Count("rows", filter=Q(rows__outcome=RowOutcome.DESTROYED)),
        stayed=Count("rows", filter=Q(rows__outcome=RowOutcome.KEPT)),
    )
    return counted.exclude(destroyed=F("gone"), kept=F("stayed"), listed=F("gone") + F("stayed"))
