"""Terms of the Awb and the recognised holidays that move their last day."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the recognised holidays of a year (Algemene termijnenwet art. 3).

    King's Day moves to the 26th when the 27th of April is a Sunday. The fifth of May is a recognised
    holiday every year.
    """
    sunday = easter(year)
    king = date(year, 4, 27)
    return frozenset(
        {
            date(year, 1, 1),
            sunday - timedelta(days=2),
            sunday + timedelta(days=1),
            king if king.weekday() != 6 else date(year, 4, 26),
            date(year, 5, 5),
            sunday + timedelta(days=39),
            sunday + timedelta(days=50),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_working_day(day: date) -> bool:
    """Tell whether a term may end on this day: no Saturday, Sunday or recognised holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """Return the day itself, or the first working day after it (Algemene termijnenwet art. 1)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def objection_deadline(sent_on: date, *, weeks: int = 6) -> date:
    """Return the last day for an objection.

    The term starts the day after sending and takes six weeks (Awb 6:7, 6:8); its last day moves to
    the next working day.
    """
    return next_working_day(sent_on + timedelta(weeks=weeks))


def project_end(starts_on: date, months: int) -> date:
    """Return the last day of a project of whole months.

    It is the day before the same day of the month, or before that month's last day where it is shorter.
    """
    return starts_on + relativedelta(months=months, days=-1)
