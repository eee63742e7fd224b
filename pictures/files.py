"""Files that rows of pictures name."""

from collections.abc import Iterator

from hubportal.documents.domain.files import StoredFile
from pictures.models import RegionalPicture


def stored_files() -> Iterator[StoredFile]:
    """Yield each regional picture that was made."""
    made = RegionalPicture.objects.filter(made_at__isnull=False).select_related("region").order_by("pk")
    for each in made.iterator(chunk_size=200):
        yield StoredFile("regional picture", each.pk, each.region.slug, each.stored_as, each.sha256)
