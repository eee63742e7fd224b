"""Invariants of documents: each is named when the row breaks it (rule 19)."""

from datetime import timedelta

import pytest

from hubportal.documents.enums import DocumentKind
from hubportal.documents.invariants import violations
from hubportal.documents.models import Document
from hubportal.kernel.invariants import Violation
from tests.factories.documents import SENT_AT, DocumentFactory

pytestmark = pytest.mark.django_db


def broken(document: Document, sentence: str) -> Violation:
    return Violation(19, "documents.Document", document.pk, sentence)


def test_a_correction_of_a_correction_is_in_order() -> None:
    newest = DocumentFactory.create()
    newer = DocumentFactory.create(superseded_by=newest, superseded_at=SENT_AT)
    DocumentFactory.create(superseded_by=newer, superseded_at=SENT_AT)
    assert list(violations()) == []


def test_another_kind_is_named() -> None:
    receipt = DocumentFactory.create(kind=DocumentKind.RECEIPT)
    letter = DocumentFactory.create(superseded_by=receipt, superseded_at=SENT_AT)
    assert list(violations()) == [broken(letter, "is superseded by a document of another kind")]


def test_an_impossible_moment_is_named() -> None:
    letter = DocumentFactory.create(
        superseded_by=DocumentFactory.create(), superseded_at=SENT_AT - timedelta(seconds=1)
    )
    assert list(violations()) == [broken(letter, "was superseded before it was made")]


def test_a_circle_is_named() -> None:
    first = DocumentFactory.create()
    second = DocumentFactory.create(superseded_by=first, superseded_at=SENT_AT)
    Document.objects.filter(pk=first.pk).update(superseded_by=second, superseded_at=SENT_AT)
    DocumentFactory.create()
    sentence = "is superseded in a circle, so that none of them counts"
    assert sorted(violations()) == sorted([broken(first, sentence), broken(second, sentence)])
