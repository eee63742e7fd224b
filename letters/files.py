"""Files that rows of letters name beside documents."""

from collections.abc import Iterator

from hubportal.documents.domain.files import StoredFile
from letters.models import PostRun, PrintedLetter


def stored_files() -> Iterator[StoredFile]:
    """Yield each letter as it was made for the post, and what is printed together."""
    for each in PrintedLetter.objects.select_related("letter").order_by("pk").iterator(chunk_size=200):
        yield StoredFile("printed letter", each.pk, each.letter.about, each.stored_as, each.sha256)
    for run in PostRun.objects.filter(made_at__isnull=False).order_by("pk"):
        yield StoredFile("post of a day", run.pk, str(run.dated_on), run.stored_as, run.sha256)
