"""Integrity of stored documents: their bytes against what their rows and the standards say."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

from hubportal.documents.domain.files import DamagedFile
from hubportal.documents.domain.signatures import check_signature
from hubportal.documents.domain.storage import read_document
from hubportal.documents.models import Document


def problems_of(document: Document) -> Iterator[str]:
    """Yield each problem of a document, as a sentence."""
    if document.superseded_by and document.superseded_by.created_at < document.created_at:
        yield "is superseded by an older document"
    try:
        pdf = read_document(document)
    except DamagedFile as damage:
        yield str(damage)
        return
    if len(pdf) != document.size:
        yield "has another size than was recorded"
    yield from _problems_of_signature(pdf)
    yield from _problems_of_identifiers(pdf)


def _problems_of_signature(pdf: bytes) -> Iterator[str]:
    signature = check_signature(pdf)
    if not signature.is_intact:
        yield "has no intact signature"
    elif not signature.is_ours:
        yield "is not signed with a certificate of ours"


def _problems_of_identifiers(pdf: bytes) -> Iterator[str]:
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            metadata = opened.open_metadata()
            if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("2", "A"):
                yield "does not say that it is PDF/A-2a"
            if metadata.get("pdfuaid:part") != "1":
                yield "does not say that it is PDF/UA-1"
    except pikepdf.PdfError:
        yield "cannot be opened"
