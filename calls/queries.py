"""Reads of calls."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet

from calls.models import Call, ReviewRound


def calls_open(*, at: datetime) -> QuerySet[Call]:
    """Return the calls that take submissions at this moment, the one that closes first in front."""
    return (
        Call.objects.filter(opens_at__lte=at)
        .annotate(closes_at=Max("rounds__deadline_at"))
        .filter(closes_at__gt=at)
        .order_by("closes_at")
    )


def calls_with_parts() -> QuerySet[Call]:
    """Return the calls with all that belongs to them: sections, headings, criteria with steps, grounds."""
    return Call.objects.prefetch_related("sections", "headings", "criteria__steps", "rejection_grounds")


def rounds_with_call() -> QuerySet[ReviewRound]:
    """Return the rounds of every call, each with its call."""
    return ReviewRound.objects.select_related("call")


def due_for_sealing(*, at: datetime) -> QuerySet[ReviewRound]:
    """Return the rounds to seal now.

    A round waits out the longest request after its deadline, so that what was received in time is in.
    """
    grace = timedelta(seconds=settings.SEALING_GRACE_SECONDS)
    return ReviewRound.objects.filter(sealed_at__isnull=True, deadline_at__lte=at - grace).order_by(
        "deadline_at"
    )


def rounds_ahead(*, at: datetime) -> QuerySet[ReviewRound]:
    """Return the rounds whose deadline is still to come, the next in front."""
    return (
        ReviewRound.objects.filter(sealed_at=None, deadline_at__gt=at)
        .select_related("call")
        .order_by("deadline_at")
    )
