"""Terms of the Awb, and the days on which no term ends (Algemene termijnenwet)."""

import csv
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from hubportal.kernel.clock import AMSTERDAM

# Awb 6:7; a call cannot give less.
OBJECTION_WEEKS = 6
# Longer terms end on any day (Algemene termijnenwet art. 4).
_LONGEST_THAT_MOVES = timedelta(weeks=12)
_EQUATED_DAYS = Path(__file__).parents[2] / "fixtures" / "equated_days.csv"


@lru_cache(maxsize=1)
def equated_days() -> frozenset[date]:
    """Return the days that a decree equates with the recognised holidays (Algemene termijnenwet art. 3 lid 3)."""
    with _EQUATED_DAYS.open(encoding="utf-8", newline="") as rows:
        return frozenset(date.fromisoformat(row["day"]) for row in csv.DictReader(rows))


def equated_days_lack_from(today: date) -> int | None:
    """Return the first year, of this one and the next, for which no decree is known yet; ``None`` when there is none.

    Terms of letters that are sent now may end in it.
    """
    known = {each.year for each in equated_days()}
    return next((year for year in (today.year, today.year + 1) if year not in known), None)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the recognised holidays of a year (Algemene termijnenwet art. 3 lid 1 and 2).

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
    """Tell whether a term may end on this day: no Saturday, Sunday, recognised holiday or day equated with one."""
    return day.weekday() < 5 and day not in holidays(day.year) and day not in equated_days()


def next_working_day(day: date) -> date:
    """Return the day itself, or the first working day after it (Algemene termijnenwet art. 1)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def term_end(begins_after: date, *, weeks: int) -> date:
    """Return the last day of a term of weeks that starts the day after.

    It moves to the next working day, but for a term of more than twelve weeks (Algemene termijnenwet art. 1 and 4).
    """
    term = timedelta(weeks=weeks)
    return begins_after + term if term > _LONGEST_THAT_MOVES else next_working_day(begins_after + term)


def objection_deadline(sent_on: date, *, weeks: int = OBJECTION_WEEKS) -> date:
    """Return the last day for an objection.

    The term starts the day after sending and takes six weeks, never less (Awb 6:7, 6:8).
    """
    return term_end(sent_on, weeks=max(weeks, OBJECTION_WEEKS))


def days_later(moment: datetime, days: int) -> datetime:
    """Return the same time of day a number of calendar days later, or earlier, on the clock of the Netherlands.

    A time that the clock skips or shows twice is the later of the two that it can be, as in PostgreSQL.
    """
    there = moment.astimezone(AMSTERDAM) + timedelta(days=days)
    return max(there.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def project_end(starts_on: date, months: int) -> date:
    """Return the last day of a project of whole months.

    It is the day before the same day of the month; in a month without that day it is its last day.
    """
    same_day = starts_on + relativedelta(months=months)
    return same_day if same_day.day < starts_on.day else same_day - timedelta(days=1)
