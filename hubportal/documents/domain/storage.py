"""Storing documents: their bytes in the storage, one row each, and which of them is current."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from hubportal.audit.domain.events import record
from hubportal.documents.domain.codes import new_verification_code
from hubportal.documents.domain.files import read_file, write_file
from hubportal.documents.enums import DocumentKind
from hubportal.documents.events import STORED, SUPERSEDED
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import RuleViolation

__all__ = [
    "NotReplaceable",
    "StoredPdf",
    "new_verification_code",
    "read_document",
    "register_document",
    "store_document",
    "store_file",
    "store_pdf",
    "supersede",
]


class NotReplaceable(RuleViolation):
    """A document cannot be superseded by that other one."""


class StoredPdf(NamedTuple):
    """A PDF in the storage."""

    name: str
    sha256: str
    size: int


def store_pdf(pdf: bytes) -> StoredPdf:
    """Write a finished PDF under a name made of its SHA-256, within the act whose row will name it."""
    return store_file(pdf, ending="pdf")


def store_file(content: bytes, *, ending: str) -> StoredPdf:
    """Write a finished file of another kind in the same way; ``ending`` says which."""
    sha256 = digest(content)
    name = f"documents/{sha256[:2]}/{sha256}.{ending}"
    write_file(name, content, sha256)
    return StoredPdf(name, sha256, len(content))


def store_document(
    *, kind: DocumentKind, pdf: bytes, title: str, about: str, dated_on: date, code: str, at: datetime
) -> Document:
    """Store a finished PDF within the act that made it, and return its document. Idempotent: the same bytes give the same row.

    The file is written before the row: a crash between the two leaves an orphaned file,
    never a document without its file.
    """
    stored = store_pdf(pdf)
    return register_document(
        kind=kind, stored=stored, title=title, about=about, dated_on=dated_on, code=code, at=at
    )


def register_document(
    *, kind: DocumentKind, stored: StoredPdf, title: str, about: str, dated_on: date, code: str, at: datetime
) -> Document:
    """Let a stored PDF be a document, which can be opened and verified, within the act that tells of it. Idempotent."""
    document, is_new = Document.objects.get_or_create(
        sha256=stored.sha256,
        defaults={
            "kind": kind,
            "title": title,
            "about": about,
            "stored_as": stored.name,
            "size": stored.size,
            "verification_code": code,
            "dated_on": dated_on,
            "created_at": at,
        },
    )
    if is_new:
        record(STORED, subject=document, actor=None, at=at, facts={"sha256": stored.sha256})
    return document


def supersede(*, document: Document, by: Document, at: datetime) -> Document:
    """Replace a document by a newer one, within the act that causes it. Idempotent.

    Raises ``NotReplaceable`` when the document was replaced before, when kinds differ, or
    when the newer one is itself not current.
    """
    # Locked in one order: two documents that replace each other would otherwise both succeed.
    locked = {
        each.pk: each
        for each in Document.objects.select_for_update().filter(pk__in=(document.pk, by.pk)).order_by("pk")
    }
    old, new = locked[document.pk], locked[by.pk]
    if old.superseded_by_id == new.pk:
        return old
    _check_may_replace(old, new)
    old.superseded_by, old.superseded_at = new, at
    old.save(update_fields=["superseded_by", "superseded_at"])
    record(SUPERSEDED, subject=old, actor=None, at=at, facts={"by": new.pk})
    return old


def _check_may_replace(old: Document, new: Document) -> None:
    if old.superseded_by_id is not None:
        raise NotReplaceable(_("This document has already been replaced."))
    if new.superseded_by_id is not None or new.pk == old.pk:
        raise NotReplaceable(_("The newer document is itself not valid."))
    if new.kind != old.kind:
        raise NotReplaceable(_("A document can only be replaced by one of the same kind."))
    if new.supersedes.exists():
        raise NotReplaceable(_("The newer document already replaces another one."))


def read_document(document: Document) -> bytes:
    """Return the bytes of a document. Raises ``DamagedFile``."""
    return read_file(document.stored_as, document.sha256)
