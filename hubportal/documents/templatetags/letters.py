"""What a letter's template needs, in Dutch whatever the language of the screen."""

from datetime import date

from django import template

register = template.Library()

_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
)


@register.filter
def dutch_date(day: date | str) -> str:
    """Return the day as ``4 juli 2024``; a frozen letter holds it as ISO text."""
    if isinstance(day, str):
        day = date.fromisoformat(day[:10])
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
