"""What must be true of the rows of documents (rule 19); their bytes are checked by ``verify_letters``."""

from collections.abc import Iterator

from django.db.models import F

from hubportal.documents.models import Document
from hubportal.kernel.invariants import Violation

_NAME = "documents.Document"


def violations() -> Iterator[Violation]:
    """Yield each document whose place in a line of corrections cannot be."""
    yield from _superseded_across_kinds()
    yield from _superseded_before_it_existed()
    yield from _in_a_circle()


def _superseded_across_kinds() -> Iterator[Violation]:
    for document in Document.objects.filter(superseded_by__isnull=False).exclude(
        kind=F("superseded_by__kind")
    ):
        yield Violation(19, _NAME, document.pk, "is superseded by a document of another kind")


def _superseded_before_it_existed() -> Iterator[Violation]:
    for document in Document.objects.filter(superseded_at__lt=F("created_at")):
        yield Violation(19, _NAME, document.pk, "was superseded before it was made")


def _in_a_circle() -> Iterator[Violation]:
    """Yield each document from which following the corrections never ends at a current one."""
    newer = dict(Document.objects.filter(superseded_by__isnull=False).values_list("pk", "superseded_by_id"))
    for start, next_one in newer.items():
        seen, place = {start}, next_one
        while place in newer and place not in seen:
            seen.add(place)
            place = newer[place]
        if place == start:
            yield Violation(19, _NAME, start, "is superseded in a circle, so that none of them counts")
