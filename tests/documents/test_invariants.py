"""Invariants of documents: each is named when the row breaks it (rule 19)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hubportal.audit.domain.collecting import every_violation
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from tests.breaking import broken, drop, force, sound
from tests.factories.documents import SENT_AT, DocumentFactory

pytestmark = pytest.mark.django_db

CASE = "HUB-2024-1-0007"


def corrected() -> tuple[Document, Document]:
    """Return a document and the one that supersedes it."""
    newer = DocumentFactory.create(about=CASE)
    older = DocumentFactory.create(about=CASE, sha256="a" * 64, superseded_by=newer, superseded_at=SENT_AT)
    return sound((older, newer))


def test_a_correction_of_a_correction_is_in_order() -> None:
    older, _newer = corrected()
    DocumentFactory.create(about=CASE, sha256="b" * 64, superseded_by=older, superseded_at=SENT_AT)
    assert list(every_violation()) == []


def test_another_kind_is_named() -> None:
    older, newer = corrected()
    Document.objects.filter(pk=newer.pk).update(kind=DocumentKind.RECEIPT)
    assert list(every_violation()) == [broken(19, older, "is superseded by a document of another kind")]


def test_another_case_is_named() -> None:
    older, newer = corrected()
    Document.objects.filter(pk=newer.pk).update(about="HUB-2024-1-0008")
    assert list(every_violation()) == [broken(19, older, "is superseded by a document about another case")]


def test_an_impossible_moment_is_named() -> None:
    older, _newer = corrected()
    Document.objects.filter(pk=older.pk).update(superseded_at=SENT_AT - timedelta(seconds=1))
    assert list(every_violation()) == [broken(19, older, "was superseded before it was made")]


def test_a_circle_is_named() -> None:
    older, newer = corrected()
    Document.objects.filter(pk=newer.pk).update(superseded_by=older, superseded_at=SENT_AT)
    sentence = "is superseded in a circle, so that none of them counts"
    assert sorted(every_violation()) == sorted(broken(19, each, sentence) for each in (older, newer))


def test_a_second_current_document_is_named() -> None:
    older, newer = corrected()
    Document.objects.filter(pk=older.pk).update(superseded_by=None, superseded_at=None)
    sentence = "is current while another of its kind about the same case is too"
    assert list(every_violation()) == sorted(broken(19, each, sentence) for each in (older, newer))


CONSTRAINTS: dict[str, Callable[[Document, Document], list[Document]]] = {
    "document_superseded_exactly_when_a_moment_says_so": lambda older, newer: [
        force(older, superseded_at=None)
    ],
    "document_never_supersedes_itself": lambda older, newer: [force(older, superseded_by=older)],
    "document_supersedes_one_at_most": lambda older, newer: [
        older,
        DocumentFactory.create(about=CASE, superseded_by=newer, superseded_at=SENT_AT, sha256="c" * 64),
    ],
    "document_sha256_is_64_hexadecimals": lambda older, newer: [force(older, sha256="A" * 64)],
    "Document.sha256": lambda older, newer: [force(older, sha256=newer.sha256), newer],
    "Document.stored_as": lambda older, newer: [force(older, stored_as=newer.stored_as), newer],
    "Document.verification_code": lambda older, newer: [
        force(older, verification_code=newer.verification_code),
        newer,
    ],
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(name: str) -> None:
    older, newer = corrected()
    drop(Document, name)
    rows = CONSTRAINTS[name](older, newer)
    found = [each for each in every_violation() if each.sentence == f"breaks {name}"]
    assert found == sorted(broken(19, each, f"breaks {name}") for each in rows)
