"""Files that rows of applications name."""

from collections.abc import Iterator

from applications.models import Attachment
from hubportal.documents.domain.files import StoredFile


def stored_files() -> Iterator[StoredFile]:
    """Yield every attachment."""
    rows = Attachment.objects.select_related("application").order_by("pk")
    for each in rows.iterator(chunk_size=200):
        yield StoredFile("attachment", each.pk, each.application.reference, each.stored_as, each.sha256)
