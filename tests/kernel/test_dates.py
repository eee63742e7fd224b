"""Days and moments in words and in digits."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from hubportal.kernel.dates import day_in_digits, day_in_words, dutch_day, moment_in_words

MARCH = date(2024, 3, 4)


@pytest.mark.parametrize(("language", "words"), [("nl", "4 maart 2024"), ("en", "4 March 2024")])
def test_day_is_written_in_the_language_of_the_reader_and_in_letters_in_dutch(
    language: str, words: str
) -> None:
    with translation.override(language):
        assert (day_in_words(MARCH), dutch_day(MARCH)) == (words, "4 maart 2024")


def test_letters_know_every_month_in_dutch() -> None:
    months = [dutch_day(date(2024, month, 1)).split()[1] for month in range(1, 13)]
    assert " ".join(months) == (
        "januari februari maart april mei juni juli augustus september oktober november december"
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_digits_are_the_same_in_every_language(language: str) -> None:
    with translation.override(language):
        assert day_in_digits(MARCH) == "04-03-2024"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2024, 5, 14, 12, 0, tzinfo=UTC), "14 mei 2024, 14:00"),
        (datetime(2024, 12, 31, 23, 30, tzinfo=UTC), "1 januari 2025, 00:30"),
    ],
)
def test_moment_is_written_on_the_clock_of_the_netherlands(moment: datetime, words: str) -> None:
    assert moment_in_words(moment) == words
