"""When beat sends each sweep: every so many seconds, and not all of them at the same moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import schedule

_ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)


class Spread(schedule):
    """A schedule by which each place has its turn somewhat later in the period than the place before it.

    A sweep is dropped when the next one is due. Sent together and always in the same order, the last ones would be
    dropped each time that the workers cannot do all in one period: letters would wait for as long as receipts are made.
    """

    def __init__(self, period: timedelta, place: int, places: int) -> None:
        super().__init__(period)
        self.period, self.place, self.places = period, place, places

    def remaining_estimate(self, last_run_at: datetime) -> timedelta:
        """Return how long to wait for the first turn after a run; not above zero when it is due."""
        # By UTC: an hour that the clock of the land repeats would be waited for.
        first = _ORIGIN + self.period * self.place / self.places
        last, now = self.maybe_make_aware(last_run_at).astimezone(UTC), self.maybe_make_aware(self.now())
        turn: datetime = first + ((last - first) // self.period + 1) * self.period
        return turn - now.astimezone(UTC)

    def __reduce__(self) -> tuple[Any, ...]:
        # Beat keeps its schedule on disk.
        return self.__class__, (self.period, self.place, self.places)
