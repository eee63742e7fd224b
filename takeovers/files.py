"""Files that rows of takeovers name."""

from collections.abc import Iterator

from hubportal.documents.domain.files import StoredFile
from takeovers.models import TakeoverProof


def stored_files() -> Iterator[StoredFile]:
    """Yield the file of every proof that has one."""
    rows = TakeoverProof.objects.exclude(stored_as="").order_by("pk")
    for each in rows.iterator(chunk_size=200):
        yield StoredFile("proof of a takeover", each.pk, str(each.takeover_id), each.stored_as, each.sha256)
