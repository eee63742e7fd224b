"""Reads of calls."""

from datetime import datetime

from django.db.models import Max, QuerySet

from calls.models import Call


def calls_open(*, at: datetime) -> QuerySet[Call]:
    """Return the calls that take submissions at this moment, the one that closes first in front."""
    return (
        Call.objects.filter(opens_at__lte=at)
        .annotate(closes_at=Max("rounds__deadline_at"))
        .filter(closes_at__gt=at)
        .order_by("closes_at")
    )
