"""What is counted and summed of rounds and calls: how far they are, and what of their money is left (rules 14 and 26)."""

from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
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
from applications.queries import is_open_to, readable_by
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
    """Return the condition, of applications, that a letter with the decision was sent and did not come back: any of them.

    The first one may have come back, and the one that replaced it have arrived.
    """
    kinds = {"text__kind__key__in": list(LetterOfDecision)}
    return Exists(Letter.objects.filter(about=OuterRef("reference"), sent_at__isnull=False, **kinds))


def rounds_with_counts(user: Person) -> QuerySet[ReviewRound]:
    """Return the rounds with counts of applications at each step, ``submitted`` to ``sent``, and what is ``left``.

    Who takes part is known to whoever lists the round: ``submitted`` and ``sealed`` count all. From the advice on, only
    what is open to the person counts, and amounts are those of grants that are open to them (rules 14 and 26): no number
    changes with what becomes of another application, so no difference between two numbers or two moments tells it.
    """
    here = Application.objects.filter(review_round=OuterRef("pk"))
    opened = readable_by(user).filter(review_round=OuterRef("pk"))
    told = opened.filter(status__in=TOLD)
    return ReviewRound.objects.annotate(
        submitted=number_of(here.filter(status__in=RECEIVED_STATUSES)),
        sealed=number_of(SealedApplication.objects.filter(review_round=OuterRef("pk"))),
        advised=number_of(opened.filter(status__in=[Status.ADVISED, *TOLD])),
        letters=number_of(told),
        decided=F("letters") + number_of(opened.filter(status=Status.ADVISED, decision__isnull=False)),
        sent=number_of(told.filter(is_sent())),
        left=F("ceiling") - _granted(opened),
    ).order_by("number")


def number_of(rows: QuerySet[Any]) -> Subquery:
    """Return how many rows belong to each row of a query, to annotate with."""
    counted = rows.order_by().annotate(number=Func(F("pk"), function="COUNT")).values("number")
    return Subquery(counted, output_field=IntegerField())


def _granted(opened: QuerySet[Application]) -> Coalesce:
    summed = opened.order_by().annotate(total=Func(F("decision__amount"), function="SUM")).values("total")
    return Coalesce(Subquery(summed, output_field=DecimalField()), ZERO, output_field=DecimalField())


def calls_with_counted_rounds(user: Person) -> QuerySet[Call]:
    """Return every call with what was ``granted`` of it and is ``left``, and its rounds with counts (``counted_rounds``).

    Of what is open to the person, as ``rounds_with_counts``; ``closed`` is how many applications are not.
    """
    opened = readable_by(user).filter(call=OuterRef("pk"))
    handled = Application.objects.filter(call=OuterRef("pk"), status__in=ASSESSED_STATUSES)
    calls = Call.objects.annotate(
        granted=_granted(opened),
        left=F("ceiling") - F("granted"),
        closed=number_of(handled.filter(~_opened_to(user))),
    )
    return calls.prefetch_related(Prefetch("rounds", rounds_with_counts(user), to_attr="counted_rounds"))


def _opened_to(user: Person) -> Exists:
    return Exists(readable_by(user).filter(pk=OuterRef("pk")))


def what_is_left(application: Application, user: Person) -> ReviewRound:
    """Return the round of an application with what is ``left`` of its call and, if it has a ceiling, ``left_of_round``.

    After the grants that are open to the person (rule 26); ``closed`` is how many applications of the call are not.
    """
    assert application.review_round_id is not None  # it is handled
    opened = readable_by(user)
    handled = Application.objects.filter(call=OuterRef("call"), status__in=ASSESSED_STATUSES)
    return ReviewRound.objects.annotate(
        left=F("call__ceiling") - _granted(opened.filter(call=OuterRef("call"))),
        left_of_round=F("ceiling") - _granted(opened.filter(review_round=OuterRef("pk"))),
        closed=number_of(handled.filter(~_opened_to(user))),
    ).get(pk=application.review_round_id)


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
    handled = applications.filter(Q(status__in=ASSESSED_STATUSES) | Q(decision__isnull=False))
    counted = handled.annotate(
        guessed=Case(When(is_guess, then=Value(1)), default=Value(0), output_field=IntegerField()),
        taken=Case(When(is_guess, then=F("amount_ceiling")), default=Coalesce(F("decision__amount"), ZERO)),
    )
    # One statement: what opens meanwhile is never counted in neither way.
    found = counted.order_by().aggregate(taken_by_all=Sum("taken"), guesses=Sum("guessed"))
    return found["taken_by_all"] or ZERO, found["guesses"] or 0
