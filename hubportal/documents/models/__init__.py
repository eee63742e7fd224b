"""The rows of the documents app."""

from hubportal.documents.models.document import Document

__all__ = ["Document"]
