"""What became of the application that a document is about, for who holds the document."""

from applications.queries import is_withdrawn
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document


def was_withdrawn(document: Document) -> bool:
    """Tell whether a confirmation of receipt is of an application that was withdrawn since."""
    return document.kind == DocumentKind.RECEIPT and is_withdrawn(document.about)
