"""Terms of the Awb and the recognised holidays (rule 20; Awb 6:7 and 6:8; Algemene termijnenwet)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.clock import local_moment
from hubportal.kernel.periods import (
    days_later,
    equated_days,
    equated_days_lack_from,
    holidays,
    is_working_day,
    next_working_day,
    objection_deadline,
    project_end,
    term_end,
)

# Written out by hand from the law and the decrees, not computed: a Saturday or Sunday among them is there as well.
CLOSED = {
    2024: "1-1 29-3 1-4 27-4 5-5 9-5 10-5 20-5 25-12 26-12 27-12",
    2025: "1-1 18-4 21-4 26-4 5-5 29-5 30-5 9-6 25-12 26-12",
    2026: "1-1 2-1 3-4 6-4 27-4 5-5 14-5 15-5 25-5 25-12 26-12",
    2027: "1-1 26-3 29-3 27-4 5-5 6-5 7-5 17-5 25-12 26-12",
    2028: "1-1 14-4 17-4 27-4 28-4 5-5 25-5 26-5 5-6 25-12 26-12",
    2029: "1-1",
}

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
        (date(2024, 3, 28), date(2024, 5, 13), "Ascension Day, 9 May, and the Friday after it by decree"),
        (date(2024, 4, 8), date(2024, 5, 21), "Whit Monday, 20 May"),
        (date(2024, 11, 13), date(2024, 12, 30), "Christmas, Boxing Day and 27 December by decree"),
        (date(2024, 11, 14), date(2024, 12, 30), "Boxing Day and 27 December by decree"),
        (date(2024, 11, 15), date(2024, 12, 30), "27 December by decree"),
        (date(2025, 4, 17), date(2025, 6, 2), "Ascension Day, 29 May, and the Friday after it by decree"),
        (date(2025, 11, 20), date(2026, 1, 5), "New Year's Day and 2 January by decree"),
        (date(2026, 4, 3), date(2026, 5, 18), "15 May by decree"),
        (date(2027, 3, 25), date(2027, 5, 10), "Ascension Day, 6 May, and the Friday after it by decree"),
        (date(2028, 3, 17), date(2028, 5, 1), "28 April by decree"),
        (date(2028, 4, 13), date(2028, 5, 29), "Ascension Day, 25 May, and the Friday after it by decree"),
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


def test_the_last_day_to_object_is_that_of_the_law_for_every_day_of_2024_to_2028() -> None:
    """Rule 36."""
    closed = set()
    for year, written in CLOSED.items():
        for each in written.split():
            day, month = each.split("-")
            closed.add((year, int(month), int(day)))
    sent_on, wrong = date(2024, 1, 1), []
    while sent_on.year < 2029:
        last = sent_on + timedelta(days=42)
        while last.isoweekday() > 5 or (last.year, last.month, last.day) in closed:
            last += timedelta(days=1)
        if objection_deadline(sent_on) != last:
            wrong.append((sent_on, objection_deadline(sent_on), last))
        sent_on += timedelta(days=1)
    assert wrong == []


def test_each_day_equated_by_decree_is_a_day_that_was_worked_otherwise() -> None:
    assert [each for each in equated_days() if each.weekday() > 4 or each in holidays(each.year)] == []


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 11, 26), None), (date(2028, 1, 1), 2029), (date(2029, 6, 1), 2029)]
)
def test_years_without_days_equated_by_decree_are_told_a_year_ahead(today: date, year: int | None) -> None:
    assert equated_days_lack_from(today) == year


@given(days)
def test_the_last_day_to_object_is_a_working_day_never_too_early(sent_on: date) -> None:
    last = objection_deadline(sent_on)
    due = sent_on + timedelta(weeks=6)
    assert last >= due
    assert is_working_day(last)
    # Nothing but days on which no term may end lies between.
    assert not any(is_working_day(due + timedelta(days=each)) for each in range((last - due).days))


def test_a_term_to_object_takes_six_weeks_or_more_whatever_is_asked() -> None:
    assert objection_deadline(date(2024, 6, 26), weeks=8) == date(2024, 8, 21)
    assert objection_deadline(date(2024, 6, 26), weeks=4) == date(2024, 8, 7)


def test_a_term_of_more_than_twelve_weeks_ends_on_any_day() -> None:
    assert term_end(date(2024, 12, 1), weeks=13) == date(2025, 3, 2)
    assert term_end(date(2024, 12, 1), weeks=12) == date(2025, 2, 24)


@pytest.mark.parametrize(
    ("moment", "number", "later"),
    [
        (local_moment(date(2026, 10, 22), 16, 30), 7, local_moment(date(2026, 10, 29), 16, 30)),
        (local_moment(date(2027, 3, 25), 10), 7, local_moment(date(2027, 4, 1), 10)),
        (local_moment(date(2026, 10, 20), 9), 14, local_moment(date(2026, 11, 3), 9)),
        (local_moment(date(2026, 10, 29), 16, 30), -7, local_moment(date(2026, 10, 22), 16, 30)),
        # Skipped on 28 March 2027, shown twice on 25 October 2026.
        (local_moment(date(2027, 3, 21), 2, 30), 7, local_moment(date(2027, 3, 28), 3, 30)),
        (local_moment(date(2026, 10, 18), 2, 30), 7, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_days_are_days_on_the_calendar_over_a_change_of_the_clock(
    moment: datetime, number: int, later: datetime
) -> None:
    """Rule 36."""
    assert days_later(moment, number) == later


def test_a_working_day_is_its_own_next_working_day() -> None:
    assert next_working_day(date(2024, 6, 26)) == date(2024, 6, 26)


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on"),
    [
        (date(2024, 7, 1), 6, date(2024, 12, 31)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 8, 29), 6, date(2025, 2, 28)),
        (date(2024, 10, 31), 1, date(2024, 11, 30)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 1, 29), 1, date(2024, 2, 28)),
        (date(2024, 12, 15), 12, date(2025, 12, 14)),
        (date(2024, 6, 25), 1, date(2024, 7, 24)),
    ],
)
def test_a_project_of_whole_months_ends_the_day_before(starts_on: date, months: int, ends_on: date) -> None:
    assert project_end(starts_on, months) == ends_on


@given(days, st.integers(min_value=1, max_value=36))
def test_project_ends_before_the_same_day_or_on_the_last_of_a_month_without_it(
    day: date, months: int
) -> None:
    last = project_end(day, months)
    passed = (last.year * 12 + last.month) - (day.year * 12 + day.month)
    if day.day == 1:
        assert (passed, (last + timedelta(days=1)).day) == (months - 1, 1)
    else:
        ends_its_month = (last + timedelta(days=1)).day == 1
        assert passed == months
        assert last.day == day.day - 1 or (ends_its_month and last.day < day.day)
