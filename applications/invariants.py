"""What must be true of applications (rules 2 to 11, 14 and 21)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from applications.enums import ASSESSED_STATUSES, RECEIVED_STATUSES, ConsentAnswer, Status
from applications.models import (
    Application,
    BudgetLine,
    Consent,
    DeclarationSignature,
    FrozenContent,
    ReadingAccess,
    SealedApplication,
)
from calls.models import ReviewRound
from hubportal.accounts.enums import ASSESSING_ROLES
from hubportal.audit.models import AuditEvent
from hubportal.kernel.invariants import Violation
from hubportal.kernel.money import ZERO

MODEL = "applications.Application"


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        _round_of_receipt(), _seals(), _amounts(), _dates(), _parties(), _people(), _reading(), _history()
    )


def _received() -> QuerySet[Application]:
    return Application.objects.filter(status__in=RECEIVED_STATUSES)


def _round_of_receipt() -> Iterator[Violation]:
    for each in _received().filter(submitted_at__gte=F("review_round__deadline_at")):
        yield Violation(2, MODEL, each.pk, "was received at or after the deadline of its round")
    for each in _received().filter(submitted_at__lt=F("call__opens_at")):
        yield Violation(3, MODEL, each.pk, "was received before its call opened")
    earlier = ReviewRound.objects.filter(
        call=OuterRef("call"),
        deadline_at__gt=OuterRef("submitted_at"),
        deadline_at__lt=OuterRef("review_round__deadline_at"),
    )
    for each in (
        _received().annotate(earlier=Subquery(earlier.values("pk")[:1])).filter(earlier__isnull=False)
    ):
        yield Violation(3, MODEL, each.pk, "is not in the first round whose deadline lay after its receipt")


def _seals() -> Iterator[Violation]:
    digest = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode", output_field=TextField()
    )
    for each in FrozenContent.objects.annotate(actual=digest).exclude(actual=F("sha256")).defer("content"):
        yield Violation(4, "applications.FrozenContent", each.pk, "its bytes do not match its SHA-256")
    for seal in SealedApplication.objects.exclude(sha256=F("frozen__sha256")):
        yield Violation(
            4, "applications.SealedApplication", seal.pk, "does not carry the SHA-256 of its content"
        )
    for seal in SealedApplication.objects.exclude(review_round=F("application__review_round")):
        yield Violation(
            4, "applications.SealedApplication", seal.pk, "is sealed in another round than its own"
        )
    for each in Application.objects.filter(status__in=ASSESSED_STATUSES, seal=None):
        yield Violation(4, MODEL, each.pk, "is assessed but not sealed")
    for each in Application.objects.filter(status=Status.SUBMITTED, review_round__sealed_at__isnull=False):
        yield Violation(4, MODEL, each.pk, "was left out when its round was sealed")
    for each in _received().filter(frozen=None):
        yield Violation(4, MODEL, each.pk, "was received but its content is not frozen")


def _amounts() -> Iterator[Violation]:
    lines = BudgetLine.objects.filter(application=OuterRef("pk")).order_by().values("application")
    costs = lines.filter(heading__is_contribution=False).annotate(total=Sum("amount")).values("total")
    contributions = lines.filter(heading__is_contribution=True).annotate(total=Sum("amount")).values("total")
    wrong = Application.objects.annotate(
        total=Coalesce(Subquery(costs), ZERO) - Coalesce(Subquery(contributions), ZERO)
    ).exclude(total=F("requested_amount"))
    for each in wrong:
        yield Violation(6, MODEL, each.pk, "its amount is not the sum of its budget")
    for each in _received().exclude(amount_ceiling=F("call__grant_maximum")):
        yield Violation(6, MODEL, each.pk, "was measured by another maximum than its call's")


def _dates() -> Iterator[Violation]:
    for each in _received().filter(duration_months__lt=F("call__shortest_months")):
        yield Violation(7, MODEL, each.pk, "takes less time than its call allows")
    for each in _received().filter(starts_on__lt=F("review_round__award_expected_on")):
        yield Violation(7, MODEL, each.pk, "starts before the expected award of its round")


def _parties() -> Iterator[Violation]:
    few = (
        _received()
        .annotate(parties=Count("coalition__participations"))
        .filter(parties__lt=F("call__fewest_parties"))
    )
    for each in few:
        yield Violation(8, MODEL, each.pk, "has fewer parties than its call asks")
    yes = Consent.objects.filter(application=OuterRef("pk"), answer=ConsentAnswer.GIVEN).order_by()
    agreed = yes.values("application").annotate(number=Count("participation", distinct=True)).values("number")
    partners = Count("coalition__participations", filter=Q(coalition__participations__is_lead=False))
    lacking = _received().annotate(partners=partners, agreed=Coalesce(Subquery(agreed), 0))
    for each in lacking.filter(agreed__lt=F("partners")):
        yield Violation(9, MODEL, each.pk, "was submitted without the consent of every partner")
    own = Consent.objects.filter(
        user__representations__organisation=F("application__coalition__lead_organisation")
    )
    for consent in own:
        yield Violation(
            8, "applications.Consent", consent.pk, "was given through an account of the applicant"
        )


def _people() -> Iterator[Violation]:
    for each in _received().exclude(people__main_applicant_organisation=F("coalition__lead_organisation")):
        yield Violation(10, MODEL, each.pk, "its main applicant is not of the lead organisation")
    late = DeclarationSignature.objects.exclude(content_sha256=F("application__frozen__sha256"))
    for signature in late:
        yield Violation(10, "applications.DeclarationSignature", signature.pk, "signs another content")


def _reading() -> Iterator[Violation]:
    open_rows = ReadingAccess.objects.filter(withdrawn_at=None)
    for access in open_rows.exclude(user__role_grants__role__in=ASSESSING_ROLES):
        yield Violation(
            14, "applications.ReadingAccess", access.pk, "opens an application to somebody without a role"
        )


def _history() -> Iterator[Violation]:
    moves = AuditEvent.objects.filter(
        subject_type="applications.application", subject_id=OuterRef("pk"), facts__has_key="to"
    ).order_by("-pk")
    last = Subquery(moves.annotate(last_status=KT("facts__to")).values("last_status")[:1])
    told = Application.objects.exclude(status=Status.DRAFT).annotate(told=last)
    for each in told.exclude(told=F("status")):
        yield Violation(21, MODEL, each.pk, "has a status that the event log does not know")
