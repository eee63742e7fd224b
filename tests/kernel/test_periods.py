"""Terms of the Awb and the recognised holidays (rule 20; Awb 6:7 and 6:8; Algemene termijnenwet)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.periods import (
    holidays,
    is_working_day,
    next_working_day,
    objection_deadline,
    project_end,
)

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def test_holidays_of_2024_are_those_of_the_law() -> None:
    assert holidays(2024) == {
        date(2024, 1, 1),
        date(2024, 3, 29),
        date(2024, 4, 1),
        date(2024, 4, 27),
        date(2024, 5, 5),
        date(2024, 5, 9),
        date(2024, 5, 20),
        date(2024, 12, 25),
        date(2024, 12, 26),
    }


@pytest.mark.parametrize(
    ("year", "kings_day"),
    [
        (2014, date(2014, 4, 26)),
        (2024, date(2024, 4, 27)),
        (2025, date(2025, 4, 26)),
        (2031, date(2031, 4, 26)),
    ],
)
def test_kings_day_on_a_sunday_is_kept_a_day_early(year: int, kings_day: date) -> None:
    assert [each for each in holidays(year) if each.month == 4 and each.day in {26, 27}] == [kings_day]
    assert kings_day.weekday() != 6


@pytest.mark.parametrize("year", range(2020, 2040))
def test_the_fifth_of_may_is_a_recognised_holiday_every_year(year: int) -> None:
    assert not is_working_day(date(year, 5, 5))


def test_good_friday_counts_and_easter_sunday_is_a_sunday_anyway() -> None:
    assert not is_working_day(date(2025, 4, 18))
    assert not is_working_day(date(2025, 4, 21))
    assert is_working_day(date(2025, 4, 22))


@pytest.mark.parametrize(
    ("sent_on", "last_day", "because"),
    [
        (date(2024, 6, 26), date(2024, 8, 7), "a Wednesday, six weeks on"),
        (date(2024, 3, 23), date(2024, 5, 6), "Saturday 4 May, then Sunday and 5 May"),
        (date(2024, 3, 24), date(2024, 5, 6), "Sunday 5 May"),
        (date(2024, 3, 28), date(2024, 5, 10), "Ascension Day, 9 May"),
        (date(2024, 4, 8), date(2024, 5, 21), "Whit Monday, 20 May"),
        (date(2024, 11, 13), date(2024, 12, 27), "Christmas and Boxing Day"),
        (date(2024, 11, 20), date(2025, 1, 2), "New Year's Day"),
        (date(2024, 2, 16), date(2024, 4, 2), "Good Friday, the weekend and Easter Monday"),
        (date(2025, 3, 15), date(2025, 4, 28), "King's Day a day early, on Saturday 26 April 2025"),
        (date(2025, 3, 24), date(2025, 5, 6), "Monday 5 May 2025"),
        (date(2023, 3, 24), date(2023, 5, 8), "Friday 5 May 2023, no round anniversary"),
    ],
)
def test_the_last_day_to_object_is_six_weeks_on_or_the_next_working_day(
    sent_on: date, last_day: date, because: str
) -> None:
    assert objection_deadline(sent_on) == last_day, because


@given(days)
def test_the_last_day_to_object_is_a_working_day_never_too_early(sent_on: date) -> None:
    last = objection_deadline(sent_on)
    due = sent_on + timedelta(weeks=6)
    assert last >= due
    assert is_working_day(last)
    # Nothing but days on which no term may end lies between.
    assert not any(is_working_day(due + timedelta(days=each)) for each in range((last - due).days))


def test_the_weeks_to_object_are_data_of_the_call() -> None:
    assert objection_deadline(date(2024, 6, 26), weeks=4) == date(2024, 7, 24)


def test_a_working_day_is_its_own_next_working_day() -> None:
    assert next_working_day(date(2024, 6, 26)) == date(2024, 6, 26)


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on"),
    [
        (date(2024, 7, 1), 6, date(2024, 12, 31)),
        (date(2024, 8, 31), 6, date(2025, 2, 27)),
        (date(2024, 1, 31), 1, date(2024, 2, 28)),
        (date(2024, 12, 15), 12, date(2025, 12, 14)),
        (date(2024, 6, 25), 1, date(2024, 7, 24)),
    ],
)
def test_a_project_of_whole_months_ends_the_day_before(starts_on: date, months: int, ends_on: date) -> None:
    assert project_end(starts_on, months) == ends_on


@given(days, st.integers(min_value=1, max_value=36))
def test_project_ends_before_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    later = project_end(day, months) + timedelta(days=1)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
