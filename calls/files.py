"""Files that rows of calls name."""

from collections.abc import Iterator

from calls.models import EmptyForm
from hubportal.documents.domain.files import StoredFile


def stored_files() -> Iterator[StoredFile]:
    """Yield each empty form that was made."""
    made = EmptyForm.objects.filter(made_at__isnull=False).select_related("call").order_by("pk")
    for each in made.iterator(chunk_size=200):
        yield StoredFile("empty form", each.pk, each.call.slug, each.stored_as, each.sha256)
