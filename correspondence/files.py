"""Files that rows of messages name."""

from collections.abc import Iterator

from correspondence.models import MessageFile
from hubportal.documents.domain.files import StoredFile


def stored_files() -> Iterator[StoredFile]:
    """Yield the file of every message that has one."""
    rows = MessageFile.objects.select_related("message__conversation__application").order_by("pk")
    for each in rows.iterator(chunk_size=200):
        reference = each.message.conversation.application.reference
        yield StoredFile("message file", each.pk, reference, each.stored_as, each.sha256)
