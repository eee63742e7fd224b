"""Files that rows of completions name."""

from collections.abc import Iterator

from completions.models import CompletionFile
from hubportal.documents.domain.files import StoredFile


def stored_files() -> Iterator[StoredFile]:
    """Yield every file that goes with an answer."""
    rows = CompletionFile.objects.select_related("point__request__application").order_by("pk")
    for each in rows.iterator(chunk_size=200):
        reference = each.point.request.application.reference
        yield StoredFile("completion file", each.pk, reference, each.stored_as, each.sha256)
