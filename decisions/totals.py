"""What is counted and summed of rounds and calls: how far they are, and what of their money is left (rules 14 and 26)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from applications.enums import ASSESSED_STATUSES, RECEIVED_STATUSES, Status
from applications.models import Application, SealedApplication
from applications.queries import is_open_to, reading_of, withdrawn_once_sealed
from calls.models import Call, ReviewRound
from decisions.enums import LetterOfDecision
from hubportal.accounts.permissions import Person
from hubportal.kernel.money import ZERO
from letters.models import Letter
from letters.queries import was_told
from reviews.queries import is_declared_by

# A letter told the outcome.
TOLD = (Status.GRANTED, Status.REJECTED)


def is_sent() -> Exists:
    """Return the condition that a letter with the decision was sent and did not come back: any of an application.

    The first one may have come back, and the one that replaced it have arrived.
    """
    return Exists(_sent_letters().filter(about=OuterRef("reference")))


def _sent_letters() -> QuerySet[Letter]:
    return Letter.objects.filter(sent_at__isnull=False, text__kind__key__in=list(LetterOfDecision))


def rounds_with_counts(user: Person) -> QuerySet[ReviewRound]:
    """Return the rounds with counts of applications at each step, what is ``granted``, and what is ``left``.

    Who takes part is known to whoever lists the round: ``submitted`` and ``sealed`` count all. From the advice on, only
    what is open to the person counts (``closed`` is how many are not), and amounts are those of grants that are open to
    them (rules 14 and 26): no number changes with what becomes of another application, so no difference between two
    numbers or two moments tells it.
    """
    decided = Q(applications__decision__isnull=False)
    told = Q(applications__status__in=TOLD)
    advised = Q(applications__status=Status.ADVISED)
    sealed = SealedApplication.objects.filter(review_round=OuterRef("pk"))
    # As ``is_sent``; letters are read once, and not for each application.
    sent = Q(applications__reference__in=_sent_letters().values("about"))
    return (
        _rounds_with_granted(user)
        .annotate(
            submitted=Count(
                "applications",
                filter=Q(applications__status__in=RECEIVED_STATUSES) | withdrawn_once_sealed("applications"),
            ),
            sealed=number_of(sealed),
            advised=Count("opened", filter=advised | told),
            letters=Count("opened", filter=told),
            decided=Count("opened", filter=told | (advised & decided)),
            sent=Count("opened", filter=told & sent),
        )
        .order_by("number")
    )


def _rounds_with_granted(user: Person) -> QuerySet[ReviewRound]:
    """Return the rounds with what is ``granted`` and ``left`` of each, and how many applications are ``closed``.

    One pass over the applications: each has at most one reading access of a person, one decision and one letter.
    """
    granted = Sum("applications__decision__amount", filter=Q(opened__isnull=False))
    listed = Q(applications__status__in=ASSESSED_STATUSES) | withdrawn_once_sealed("applications")
    return ReviewRound.objects.annotate(
        opened=_opened(user),
        granted=Coalesce(granted, ZERO, output_field=DecimalField()),
        left=F("ceiling") - F("granted"),
        closed=Count("applications", filter=listed & Q(opened=None)),
    )


def _opened(user: Person) -> FilteredRelation:
    """Return, for rows with ``applications``, the reading access of a person to each (rule 14)."""
    return FilteredRelation(
        "applications__reading_access", condition=reading_of(user, "applications__reading_access")
    )


def number_of(rows: QuerySet[Any]) -> Subquery:
    """Return how many rows belong to each row of a query, to annotate with."""
    counted = rows.order_by().annotate(number=Func(F("pk"), function="COUNT")).values("number")
    return Subquery(counted, output_field=IntegerField())


@dataclass(frozen=True)
class CountedCall:
    """A call with its rounds and their counts, as ``rounds_with_counts`` gives them to a person."""

    call: Call
    counted_rounds: list[Any]

    @property
    def granted(self) -> Decimal:
        """Return what was granted of it, in euros."""
        return sum((each.granted for each in self.counted_rounds), ZERO)

    @property
    def left(self) -> Decimal:
        """Return what is left of its ceiling, in euros."""
        return self.call.ceiling - self.granted

    @property
    def closed(self) -> int:
        """Return how many applications these numbers leave out."""
        return sum(each.closed for each in self.counted_rounds)


def calls_with_rounds(user: Person) -> QuerySet[Call]:
    """Return calls with their rounds and counts of what is open to a person, for ``counted``."""
    return Call.objects.prefetch_related(
        Prefetch("rounds", rounds_with_counts(user), to_attr="counted_rounds")
    )


def counted(call: Call) -> CountedCall:
    """Return one of ``calls_with_rounds`` with what its rounds come to."""
    return CountedCall(call, cast("Any", call).counted_rounds)


@dataclass(frozen=True)
class WhatIsLeft:
    """What is left of a call and, if it has a ceiling, of a round, in euros; and how many applications that leaves out."""

    left: Decimal
    left_of_round: Decimal | None
    closed: int


def what_is_left(application: Application, user: Person) -> WhatIsLeft:
    """Return what is left for an application, after the grants that are open to the person (rule 26)."""
    rounds: list[Any] = list(_rounds_with_granted(user).filter(call=application.call_id))
    counted_call = CountedCall(application.call, rounds)
    (own,) = (
        each for each in rounds if each.pk == application.review_round_id
    )  # it is handled, so it has one
    return WhatIsLeft(counted_call.left, own.left, counted_call.closed)


def granted_in_public() -> Q:
    """Return the condition that everybody may know the grant of an application: its letter was sent once (rule 26).

    Grants of a rehearsal call are never shown.
    """
    return Q(was_told("decision__letter"), call__is_rehearsal=False, status=Status.GRANTED)


def taken_as_known_to(user: Person, applications: QuerySet[Application]) -> tuple[Decimal, int]:
    """Return what of a ceiling these applications take, as far as a person may know, and of how many that is a guess.

    What is open to the person, granted in public or in a settled round counts as it was decided; what is undecided and
    waits for the person's declaration as nothing. Every other one counts as the most that the call grants, whatever
    became of it: that it does tells nothing (rules 14 and 26). Never less than what was granted.
    """
    settled = Q(review_round__settled_at__isnull=False, call__is_rehearsal=False)
    known = Q(is_open_to(user)) | granted_in_public() | settled
    waits = Q(~is_declared_by(user), decision=None)
    is_guess = ~known & ~waits
    listed = Q(status__in=ASSESSED_STATUSES) | withdrawn_once_sealed()
    handled = applications.filter(listed | Q(decision__isnull=False))
    counted = handled.annotate(
        guessed=Case(When(is_guess, then=Value(1)), default=Value(0), output_field=IntegerField()),
        taken=Case(When(is_guess, then=F("amount_ceiling")), default=Coalesce(F("decision__amount"), ZERO)),
    )
    # One statement: what opens meanwhile is never counted in neither way.
    found = counted.order_by().aggregate(taken_by_all=Sum("taken"), guesses=Sum("guessed"))
    return found["taken_by_all"] or ZERO, found["guesses"] or 0
