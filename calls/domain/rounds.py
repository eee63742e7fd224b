"""To which round a moment belongs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from django.db import connection

from calls.models import Call, ReviewRound
from hubportal.kernel.clock import local_date


class RoundWindow(Protocol):
    """A deadline, by which a round is chosen."""

    @property
    def deadline_at(self) -> datetime:
        """Return the deadline itself, the first moment that is too late."""


Window = TypeVar("Window", bound=RoundWindow)


def round_for(received_at: datetime, rounds: Iterable[Window]) -> Window | None:
    """Return the first round whose deadline lies strictly after the moment of receipt (rules 2 and 3)."""
    ahead = (each for each in rounds if received_at < each.deadline_at)
    return min(ahead, key=lambda each: each.deadline_at, default=None)


def is_before_opening(received_at: datetime, call: Call) -> bool:
    """Tell whether the call does not take submissions yet."""
    return received_at < call.opens_at


def is_in_gap(received_at: datetime, review_round: ReviewRound) -> bool:
    """Tell whether the moment lies before the round it belongs to opens: in the gap between two rounds."""
    return received_at < review_round.opens_at


def expected_award(deadline_at: datetime, *, weeks: int) -> date:
    """Return the day on which the award of a round is expected."""
    return local_date(deadline_at) + timedelta(weeks=weeks)


def hold_unsealed(review_round: ReviewRound) -> bool:
    """Prevent sealing of a round until the transaction ends; ``False`` if it is sealed already.

    A shared lock: submissions hold it together, and sealing waits for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_at FROM calls_reviewround WHERE id = %s FOR SHARE", [review_round.pk])
        (sealed_at,) = cursor.fetchone()
    return sealed_at is None
