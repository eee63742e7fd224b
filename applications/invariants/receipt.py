"""Invariants of receiving and sealing (rules 2, 3, 4 and 13)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value

from applications.enums import ASSESSED_STATUSES, RECEIVED_STATUSES, Status
from applications.models import Application, FrozenContent, Receipt, SealedApplication
from calls.models import ReviewRound
from hubportal.documents.enums import DocumentKind
from hubportal.kernel.invariants import Violation, all_but, each_breaks


def violations() -> Iterator[Violation]:
    """Yield each row that breaks a rule of receiving or sealing."""
    return chain(_round_of_receipt(), _receipts(), _frozen(), _seals(), _left_out())


def _round_of_receipt() -> Iterator[Violation]:
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    late = received.filter(submitted_at__gte=F("review_round__deadline_at"))
    yield from each_breaks(2, late, "was received at or after the deadline of its round")
    early = received.filter(submitted_at__lt=F("call__opens_at"))
    yield from each_breaks(3, early, "was received before its call opened")
    elsewhere = received.filter(review_round__isnull=False).exclude(review_round__call=F("call"))
    yield from each_breaks(3, elsewhere, "is in a round of another call")
    earlier = ReviewRound.objects.filter(
        call=OuterRef("call"),
        deadline_at__gt=OuterRef("submitted_at"),
        deadline_at__lt=OuterRef("review_round__deadline_at"),
    )
    yield from each_breaks(
        3, received.filter(Exists(earlier)), "is not in the first round whose deadline lay after its receipt"
    )


def _receipts() -> Iterator[Violation]:
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    yield from each_breaks(13, received.filter(receipt=None), "was received but has no receipt")
    receipts = Receipt.objects.all()
    yield from each_breaks(
        13,
        all_but(receipts, made_at=F("application__submitted_at")),
        "names another moment than that of the submission",
    )
    own = Q(document__kind=DocumentKind.RECEIPT, document__about=F("application__reference"))
    yield from each_breaks(
        13, all_but(receipts, own | Q(document=None)), "has a document that is no receipt of its application"
    )


def _frozen() -> Iterator[Violation]:
    digest = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode", output_field=TextField()
    )
    altered = FrozenContent.objects.annotate(actual=digest).exclude(actual=F("sha256"))
    yield from each_breaks(4, altered, "its bytes do not match its SHA-256")
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    yield from each_breaks(4, received.filter(frozen=None), "was received but its content is not frozen")
    yield from each_breaks(
        4,
        all_but(FrozenContent.objects.all(), frozen_at=F("application__submitted_at")),
        "was frozen at another moment than that of the submission",
    )


def _seals() -> Iterator[Violation]:
    seals = SealedApplication.objects.all()
    of_another = seals.exclude(frozen__application=F("application"))
    yield from each_breaks(4, of_another, "seals the content of another application")
    yield from each_breaks(
        4, seals.exclude(sha256=F("frozen__sha256")), "does not carry the SHA-256 of its content"
    )
    yield from each_breaks(
        4,
        all_but(seals, review_round=F("application__review_round")),
        "is sealed in another round than its own",
    )
    yield from each_breaks(
        4,
        all_but(seals, sealed_at=F("review_round__sealed_at")),
        "was sealed at another moment than its round",
    )


def _left_out() -> Iterator[Violation]:
    unsealed = Application.objects.filter(status__in=ASSESSED_STATUSES, seal=None)
    yield from each_breaks(4, unsealed, "is assessed but not sealed")
    left_out = Application.objects.filter(status=Status.SUBMITTED, review_round__sealed_at__isnull=False)
    yield from each_breaks(4, left_out, "was left out when its round was sealed")
