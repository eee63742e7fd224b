"""Days and moments as people read them, on the clock of the Netherlands."""

from datetime import date, datetime

from django.utils import translation
from django.utils.formats import date_format

from hubportal.kernel.clock import AMSTERDAM

_IN_WORDS = "j F Y"


def day_in_words(day: date) -> str:
    """Return a day in the reader's language: ``14 mei 2024`` or ``14 May 2024``."""
    return date_format(day, _IN_WORDS)


def dutch_day(day: date) -> str:
    """Return a day as letters write it, Dutch in every language of the screen: ``14 mei 2024``."""
    with translation.override("nl"):
        return day_in_words(day)


def dutch_moment(moment: datetime) -> str:
    """Return a moment as letters write it, Dutch in every language of the screen: ``14 mei 2024, 14.00 uur``."""
    there = moment.astimezone(AMSTERDAM)
    return f"{dutch_day(there)}, {there:%H.%M} uur"


def day_in_digits(day: date) -> str:
    """Return a day as ``14-05-2024``, the same in every language."""
    return f"{day:%d-%m-%Y}"


def moment_in_words(moment: datetime) -> str:
    """Return a moment in the reader's language: ``14 mei 2024, 14:00``."""
    return date_format(moment.astimezone(AMSTERDAM), f"{_IN_WORDS}, H:i")
