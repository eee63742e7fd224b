"""Invariants of the rows of documents (rule 19); their bytes are checked by ``verify_files``."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Count, F, Window

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.documents.models import Document
from hubportal.kernel.invariants import Violation, each_breaks

_CONSTRAINTS = {
    "document_superseded_exactly_when_a_moment_says_so": 19,
    "document_never_supersedes_itself": 19,
    "document_supersedes_one_at_most": 19,
    "document_sha256_is_64_hexadecimals": 19,
    "Document.sha256": 19,
    "Document.stored_as": 19,
    "Document.verification_code": 19,
}


def violations() -> Iterator[Violation]:
    """Yield each document whose place in a chain of corrections is impossible."""
    return chain(
        _superseded_by_another_thing(),
        _superseded_before_it_existed(),
        _in_a_circle(),
        _current_beside_another(),
        broken_constraints("documents", _CONSTRAINTS),
    )


def _superseded_by_another_thing() -> Iterator[Violation]:
    superseded = Document.objects.filter(superseded_by__isnull=False)
    yield from each_breaks(
        19,
        superseded.exclude(kind=F("superseded_by__kind")),
        "is superseded by a document of another kind",
    )
    yield from each_breaks(
        19,
        superseded.exclude(about=F("superseded_by__about")),
        "is superseded by a document about another case",
    )


def _superseded_before_it_existed() -> Iterator[Violation]:
    early = Document.objects.filter(superseded_at__lt=F("created_at"))
    yield from each_breaks(19, early, "was superseded before it was made")


def _in_a_circle() -> Iterator[Violation]:
    """Yield each document from which following the corrections never ends at a current one."""
    newer = dict(Document.objects.filter(superseded_by__isnull=False).values_list("pk", "superseded_by_id"))
    for start, next_one in newer.items():
        seen, place = {start}, next_one
        while place in newer and place not in seen:
            seen.add(place)
            place = newer[place]
        if place == start:
            yield Violation(
                19, Document._meta.label, start, "is superseded in a circle, so that none of them counts"
            )


def _current_beside_another() -> Iterator[Violation]:
    """Yield each current document that has another current one of its kind about the same case."""
    current = Document.objects.filter(superseded_by=None)
    twins = current.annotate(beside=Window(Count("pk"), partition_by=["kind", "about"])).filter(beside__gt=1)
    yield from each_breaks(19, twins, "is current while another of its kind about the same case is too")
