"""Files that rows of applications name."""

from collections.abc import Iterator

from applications.models import Attachment, DraftCopy
from hubportal.documents.domain.files import StoredFile


def stored_files() -> Iterator[StoredFile]:
    """Yield every attachment, and each copy of a draft that was made."""
    rows = Attachment.objects.select_related("application").order_by("pk")
    for each in rows.iterator(chunk_size=200):
        yield StoredFile("attachment", each.pk, each.application.reference, each.stored_as, each.sha256)
    made = DraftCopy.objects.filter(made_at__isnull=False).select_related("application").order_by("pk")
    for copy in made.defer("content").iterator(chunk_size=200):
        yield StoredFile("copy of a draft", copy.pk, copy.application.reference, copy.stored_as, copy.sha256)
