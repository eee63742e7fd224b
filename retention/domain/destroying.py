"""Destroying what a report lists, row by row, and declaring it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from applications.domain.erasing import erase_draft, erase_lead_offers_of
from applications.models import Attachment, Consent, DraftCopy, SignatureCopy
from coalitions.domain.erasing import erase_coalition
from completions.models import CompletionFile
from correspondence.domain.erasing import erase_conversation
from correspondence.models import MessageFile
from hubportal.audit.domain.events import record
from matching.domain.erasing import erase_help_of
from pictures.models import RegionalPicture
from retention.enums import DataKind, RowOutcome
from retention.events import DECLARED, ROW_DONE
from retention.models import DestructionReport, FileToRemove, ListedRow, RetentionPeriod
from retention.queries import model_of, outcomes_of, past_period
from takeovers.domain.erasing import erase_proof, erase_proofs_of
from takeovers.models import TakeoverProof

_DRAFTS = frozenset({DataKind.DISCARDED_DRAFTS, DataKind.UNSUBMITTED_DRAFTS})


@transaction.atomic(durable=True)
def destroy_row(*, listed_id: int, at: datetime) -> bool:
    """Destroy one row that a report lists, if it is still what was listed and still past its period; ``False`` if it is not.

    A row that changed since then is kept. Idempotent: killed halfway, all of it is done again, and nothing twice.
    """
    listed = ListedRow.objects.select_for_update(of=("self", "report")).select_related("report")
    row = listed.get(pk=listed_id)
    report = row.report
    if row.outcome or report.closed_at or report.destroys_from is None or at < report.destroys_from:
        return False
    kind = DataKind(report.kind)
    found = _still_listed(row, kind, at=at)
    if found is not None:
        _destroy(found, kind, at=at)
    row.outcome = RowOutcome.KEPT if found is None else RowOutcome.DESTROYED
    row.done_at = at
    row.save(update_fields=["outcome", "done_at"])
    facts = {"kind": kind.value, "row": row.row_id, "outcome": row.outcome}
    record(ROW_DONE, subject=row, actor=None, at=at, facts=facts)
    return found is not None


def _still_listed(row: ListedRow, kind: DataKind, *, at: datetime) -> Any:
    """Return the row itself, locked, if its period is over by the data of now and counts from the moment that was listed."""
    period = RetentionPeriod.objects.filter(kind=kind).first()
    before = period.began_before(at) if period is not None else None
    if before is None:
        return None
    # In the order of every other act on both: the coalition with its application.
    together: dict[str, Any] = {"of": ("self", "coalition")} if kind in _DRAFTS else {}
    rows = model_of(kind)._default_manager.select_for_update(**together)
    found = rows.select_related("coalition") if kind in _DRAFTS else rows
    held = found.filter(pk=row.row_id).first()
    # Asked after it is locked: who changed it a moment ago is seen.
    is_past = past_period(kind, before=before).filter(pk=row.row_id, kept_since=row.kept_since).exists()
    return held if is_past else None


def _destroy(found: Any, kind: DataKind, *, at: datetime) -> None:
    if kind in _DRAFTS:
        _note_files([*erase_proofs_of(found), *erase_draft(found, at=at)], at=at)
    elif kind == DataKind.MESSAGES:
        _note_files(erase_conversation(found), at=at)
    elif kind == DataKind.TAKEOVER_PROOFS:
        _note_files(erase_proof(found), at=at)
    elif kind == DataKind.REGIONAL_PICTURES:
        _note_files([found.stored_as], at=at)
        found.delete()
    elif kind == DataKind.COALITIONS:
        erase_help_of(found)
        erase_lead_offers_of(found)
        erase_coalition(found, at=at)
    elif kind == DataKind.MAIL_TEXTS:
        found.body = ""
        found.save(update_fields=["body"])
    else:
        found.delete()


def _note_files(names: Iterable[str], *, at: datetime) -> None:
    files = (FileToRemove(name=each, noted_at=at) for each in names)
    FileToRemove.objects.bulk_create(files, ignore_conflicts=True)


@transaction.atomic(durable=True)
def remove_file(*, file_id: int, at: datetime) -> bool:
    """Remove the file of a destroyed row from the storage, unless another row names it. Idempotent."""
    noted = FileToRemove.objects.select_for_update().filter(pk=file_id).first()
    if noted is None:
        return False
    is_named = Consent.objects.filter(copy_stored_as=noted.name).exists() or any(
        each.objects.filter(stored_as=noted.name).exists()
        for each in (
            Attachment,
            CompletionFile,
            DraftCopy,
            MessageFile,
            RegionalPicture,
            SignatureCopy,
            TakeoverProof,
        )
    )
    if not is_named:
        # A file that is gone already is no error: the transaction after it may have been killed.
        default_storage.delete(noted.name)
    noted.delete()
    return not is_named


@transaction.atomic(durable=True)
def declare_destruction(*, report_id: int, at: datetime) -> bool:
    """Close a report of which every row was carried out: from then on it is the declaration, and never changes. Idempotent."""
    report = DestructionReport.objects.select_for_update().get(pk=report_id)
    if report.closed_at is not None or report.destroys_from is None or at < report.destroys_from:
        return False
    outcomes = outcomes_of(report)
    report.destroyed = outcomes.get(RowOutcome.DESTROYED, 0)
    report.kept = outcomes.get(RowOutcome.KEPT, 0)
    if report.destroyed + report.kept < report.listed:
        return False
    report.closed_at = at
    report.save()
    record(DECLARED, subject=report, actor=None, at=at, facts={"kind": report.kind})
    return True
