"""Storing documents."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.files import DamagedFile, write_file
from hubportal.documents.domain.storage import (
    NotReplaceable,
    read_document,
    store_document,
    supersede,
)
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from tests.factories.documents import SENT_AT, DocumentFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 any bytes"
NAME = f"documents/{digest(PDF)[:2]}/{digest(PDF)}.pdf"


def keep(pdf: bytes = PDF, **changes: Any) -> Document:
    facts: dict[str, Any] = {
        "kind": DocumentKind.LETTER,
        "title": "Besluit",
        "about": "HUB-1",
        "dated_on": SENT_AT.date(),
        "code": "HP-7K2M-9QXT-4VNB",
        "at": SENT_AT,
    }
    return store_document(pdf=pdf, **(facts | changes))


def test_a_document_is_kept_under_its_digest_and_recorded() -> None:
    document = keep()
    assert (document.stored_as, document.sha256, document.size) == (NAME, digest(PDF), len(PDF))
    assert read_document(document) == PDF
    event = AuditEvent.objects.get()
    assert (event.act, event.subject_id, event.facts) == (
        "documents.stored",
        document.pk,
        {"sha256": digest(PDF)},
    )


def test_storing_a_document_is_idempotent() -> None:
    first = keep()
    assert keep(at=SENT_AT + timedelta(days=1)) == first
    assert Document.objects.count() == AuditEvent.objects.count() == 1
    assert default_storage.listdir(f"documents/{digest(PDF)[:2]}")[1] == [f"{digest(PDF)}.pdf"]


def test_a_crash_before_the_row_leaves_a_file_that_the_next_attempt_takes_over() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(kind="nonsense")
    assert default_storage.exists(NAME)
    assert read_document(keep()) == PDF


def test_a_file_that_was_written_by_half_is_written_again() -> None:
    default_storage.save(NAME, ContentFile(PDF[:5]))
    assert read_document(keep()) == PDF


def test_a_file_with_other_bytes_is_never_handed_out() -> None:
    document = keep()
    with Path(default_storage.path(NAME)).open("ab") as stored:
        stored.write(b"!")
    with pytest.raises(DamagedFile, match="does not match"):
        read_document(document)


def test_a_file_that_is_gone_is_told() -> None:
    document = keep()
    default_storage.delete(NAME)
    with pytest.raises(DamagedFile, match="cannot be read"):
        read_document(document)


def test_a_correction_supersedes_once_and_is_recorded() -> None:
    old, new = DocumentFactory.create_batch(2)
    for _ in range(2):
        supersede(document=old, by=new, at=SENT_AT)
    old.refresh_from_db()
    assert (old.superseded_by, old.superseded_at) == (new, SENT_AT)
    event = AuditEvent.objects.get()
    assert (event.act, event.subject_id, event.facts) == ("documents.superseded", old.pk, {"by": new.pk})


def test_a_superseded_document_is_not_superseded_by_a_third() -> None:
    old, new, third = DocumentFactory.create_batch(3)
    supersede(document=old, by=new, at=SENT_AT)
    with pytest.raises(NotReplaceable, match="already"):
        supersede(document=old, by=third, at=SENT_AT)


def test_a_document_takes_the_place_of_one_only() -> None:
    old, other, new = DocumentFactory.create_batch(3)
    supersede(document=old, by=new, at=SENT_AT)
    with pytest.raises(NotReplaceable, match="another one"):
        supersede(document=other, by=new, at=SENT_AT)


def test_two_documents_never_supersede_each_other() -> None:
    old, new = DocumentFactory.create_batch(2)
    supersede(document=old, by=new, at=SENT_AT)
    with pytest.raises(NotReplaceable, match="itself not valid"):
        supersede(document=new, by=old, at=SENT_AT)


def test_a_document_never_supersedes_itself() -> None:
    document = DocumentFactory.create()
    with pytest.raises(NotReplaceable):
        supersede(document=document, by=document, at=SENT_AT)


def test_a_receipt_never_takes_the_place_of_a_letter() -> None:
    with pytest.raises(NotReplaceable, match="same kind"):
        supersede(
            document=DocumentFactory.create(),
            by=DocumentFactory.create(kind=DocumentKind.RECEIPT),
            at=SENT_AT,
        )


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("document_kind_is_known", {"kind": "poem"}),
        ("document_sha256_is_64_hexadecimals", {"sha256": "A" * 64}),
        ("document_is_never_empty", {"size": 0}),
        ("document_superseded_exactly_when_a_moment_says_so", {"superseded_at": SENT_AT}),
        ("verification_code", {"verification_code": "HP-7K2M-9QXT-4VNB"}),
    ],
)
def test_the_database_refuses(constraint: str, changes: dict[str, Any]) -> None:
    DocumentFactory.create(verification_code="HP-7K2M-9QXT-4VNB")
    document = DocumentFactory.create()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**changes)


def test_the_database_refuses_a_document_that_supersedes_itself_or_two_others() -> None:
    first, second, new = DocumentFactory.create_batch(3)
    with pytest.raises(IntegrityError, match="document_never_supersedes_itself"), transaction.atomic():
        Document.objects.filter(pk=new.pk).update(superseded_by=new, superseded_at=SENT_AT)
    with pytest.raises(IntegrityError, match="document_supersedes_one_at_most"), transaction.atomic():
        Document.objects.filter(pk__in=(first.pk, second.pk)).update(superseded_by=new, superseded_at=SENT_AT)
    assert connection.vendor == "postgresql"


def test_a_full_disk_leaves_nothing_under_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_file(NAME, PDF, digest(PDF))
    assert default_storage.listdir(f"documents/{digest(PDF)[:2]}") == ([], [])
    monkeypatch.undo()
    assert read_document(keep()) == PDF
