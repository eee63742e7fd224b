"""The only place that reads the time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def _no_offset() -> timedelta:
    return timedelta(0)


_offset: Callable[[], timedelta] = _no_offset


def move_with(source: Callable[[], timedelta] | None) -> None:
    """Let every moment be shifted by what ``source`` returns; ``None`` restores the real time."""
    global _offset
    _offset = source or _no_offset


def now() -> datetime:
    """Return the present moment, aware."""
    return shifted(of_this_machine())


def of_this_machine() -> datetime:
    """Return the moment that this machine's clock shows, shifted by nothing."""
    return datetime.now(UTC)


def shifted(moment: datetime) -> datetime:
    """Return a moment that was read elsewhere (a proxy's header) on this clock."""
    return moment + _offset()


def local_date(moment: datetime) -> date:
    """Return the calendar day on which a moment falls in the Netherlands."""
    return moment.astimezone(AMSTERDAM).date()


def local_moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the aware moment of a wall-clock time in the Netherlands."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)
