"""Reads of who was reminded of what they were asked in a draft."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from applications.models import DeadlineReminder, Nudge, OneTimeLink
from hubportal.accounts.models import User

_A_DAY = timedelta(days=1)


def reminded_at(**asked: OuterRef) -> Any:
    """Return, for a request (``link``) or an invitation (``collaborator``), when somebody was last reminded of it."""
    nudged = _latest(Nudge.objects.filter(**asked), "nudged_at")
    if "link" not in asked:
        return nudged
    # Of two of which one is empty, PostgreSQL takes the other.
    return Greatest(nudged, _latest(DeadlineReminder.objects.filter(was_mailed=True, **asked), "made_at"))


def times_asked() -> Subquery:
    """Return, for a link, how often its partner was asked, the last time included."""
    same = OneTimeLink.objects.filter(
        application=OuterRef("application"),
        participation=OuterRef("participation"),
        purpose=OuterRef("purpose"),
    )
    return Subquery(same.order_by().values("participation").annotate(times=Count("pk")).values("times"))


def nudges_of_a_day(actor: User, *, at: datetime) -> QuerySet[Nudge]:
    """Return whom somebody had reminded in the last day, in any draft."""
    return Nudge.objects.filter(nudged_by=actor, nudged_at__gt=at - _A_DAY)


def _latest(rows: QuerySet[Any], moment: str) -> Subquery:
    return Subquery(rows.order_by(f"-{moment}").values(moment)[:1])
