"""Reads of documents."""

from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from hubportal.documents.models import Document


def with_code(code: str) -> QuerySet[Document]:
    """Return the document that carries this verification code, if any."""
    return Document.objects.filter(verification_code=code)


def with_any_code(codes: Collection[str]) -> QuerySet[Document]:
    """Return the documents that carry one of these codes, the newest first."""
    return Document.objects.filter(verification_code__in=codes).order_by("-dated_on", "-pk")


def with_sha256(sha256: str) -> QuerySet[Document]:
    """Return the document that has exactly these bytes, if any."""
    return Document.objects.filter(sha256=sha256)


def in_order_of_date() -> QuerySet[Document]:
    """Return all documents, oldest first."""
    return Document.objects.order_by("dated_on", "pk")


def stored_names() -> Iterator[str]:
    """Yield the name of the file of each document."""
    return Document.objects.values_list("stored_as", flat=True).iterator(chunk_size=1000)
