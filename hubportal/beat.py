"""When beat sends each sweep: once in every so many seconds, and in each of these periods in another order."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from celery.schedules import schedstate, schedule

_ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=8)
def _order(number: int, places: int) -> Sequence[int]:
    """Return which place is the how manieth in the period of this number: another order each time, the same on every machine."""
    drawn = random.Random(number)  # noqa: S311 -- it keeps nothing secret
    return drawn.sample(range(places), places)


class Spread(schedule):
    """A schedule by which each place has one turn in a period, at another moment of it each time.

    A sweep is dropped when a period is over before a worker came to it. In an order that stays the same, the same ones would be
    dropped each time that the workers cannot do all in one period: letters would wait for as long as receipts are made.
    """

    def __init__(self, period: timedelta, place: int, places: int) -> None:
        super().__init__(period)
        self.period, self.place, self.places = period, place, places

    def remaining_estimate(self, last_run_at: datetime) -> timedelta:
        """Return how long to wait for the first turn after a run; not above zero when it is due."""
        # By UTC: an hour that the clock of the land repeats would be waited for.
        last, now = self.maybe_make_aware(last_run_at).astimezone(UTC), self.maybe_make_aware(self.now())
        turn = self._turn((last - _ORIGIN) // self.period)
        if turn <= last:
            turn = self._turn((last - _ORIGIN) // self.period + 1)
        return turn - now.astimezone(UTC)

    def is_due(self, last_run_at: datetime) -> schedstate:
        """Return whether its turn is there, and after how many seconds to ask again: at its next turn."""
        left = self.remaining_estimate(last_run_at)
        is_due = left <= timedelta()
        if is_due:
            left = self.remaining_estimate(self.now())
        return schedstate(is_due=is_due, next=left.total_seconds())

    def _turn(self, number: int) -> datetime:
        """Return the moment of this place in a period."""
        return _ORIGIN + self.period * (number + _order(number, self.places)[self.place] / self.places)

    def __reduce__(self) -> tuple[Any, ...]:
        # Beat keeps its schedule on disk.
        return self.__class__, (self.period, self.place, self.places)
