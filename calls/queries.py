"""Reads of calls."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from calls.models import Call, MandatedPerson, ReviewRound


def calls_open(*, at: datetime) -> QuerySet[Call]:
    """Return the calls that take submissions at this moment, the one that closes first in front."""
    return (
        Call.objects.filter(opens_at__lte=at)
        .annotate(closes_at=Max("rounds__deadline_at"))
        .filter(closes_at__gt=at)
        .order_by("closes_at", "pk")
    )


def calls_with_parts() -> QuerySet[Call]:
    """Return the calls with all that belongs to them: sections, headings, criteria with steps, grounds, mandates."""
    return Call.objects.prefetch_related(
        "sections", "headings", "criteria__steps", "rejection_grounds", "mandated"
    )


def mandated_for(call: Call, *, on: date, amount: Decimal) -> QuerySet[MandatedPerson]:
    """Return who may decide on an amount for the organ of a call on a day (Awb 10:3), the latest mandate in front."""
    until = Q(valid_until=None) | Q(valid_until__gte=on)
    covers = Q(up_to=None) | Q(up_to__gte=amount)
    return call.mandated.filter(until, covers, valid_from__lte=on).order_by("-valid_from", "pk")


def last_deadline(call: Call, *, after: datetime) -> datetime | None:
    """Return the last deadline by which one can still apply in a call; ``None`` when no round is open or to come."""
    last: datetime | None = call.rounds.filter(deadline_at__gt=after).aggregate(last=Max("deadline_at"))[
        "last"
    ]
    return last


def rounds_with_call() -> QuerySet[ReviewRound]:
    """Return the rounds of every call, each with its call."""
    return ReviewRound.objects.select_related("call")


def due_for_sealing(*, at: datetime) -> QuerySet[ReviewRound]:
    """Return the rounds to seal now.

    A round waits out the longest request after its deadline, so that what was received in time is in.
    """
    grace = timedelta(seconds=settings.SEALING_GRACE_SECONDS)
    return ReviewRound.objects.filter(sealed_at__isnull=True, deadline_at__lte=at - grace).order_by(
        "deadline_at", "pk"
    )


def rounds_ahead(*, at: datetime) -> QuerySet[ReviewRound]:
    """Return the rounds whose deadline is still to come, the next in front."""
    return (
        ReviewRound.objects.filter(sealed_at=None, deadline_at__gt=at)
        .select_related("call")
        .order_by("deadline_at", "pk")
    )
