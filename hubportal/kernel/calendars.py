"""Calendar files (RFC 5545) of moments that somebody must not miss."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event

_MADE_BY = "-//Hubportaal//Deadlines//NL"


@dataclass(frozen=True)
class CalendarMoment:
    """A moment in a calendar; ``key`` stays the same when the moment is shifted, so that it replaces what stood there."""

    key: str
    at: datetime
    title: Any
    text: Any
    address: str


def calendar_of(moments: Iterable[CalendarMoment], *, host: str, made_at: datetime) -> bytes:
    """Return a calendar file of moments, in UTC.

    What is fetched later counts as newer, in ``SEQUENCE`` too: whichever way a moment was shifted, it replaces the older one.
    """
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    for each in moments:
        calendar.add_component(_event(each, host=host, made_at=made_at.astimezone(UTC)))
    return bytes(calendar.to_ical())


def _event(moment: CalendarMoment, *, host: str, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{moment.key}@{host}")
    event.add("dtstamp", made_at)
    event.add("last-modified", made_at)
    event.add("sequence", int(made_at.timestamp()) // 60)
    # A moment without a length: it keeps no time of the reader's day.
    event.add("dtstart", moment.at.astimezone(UTC))
    event.add("transp", "TRANSPARENT")
    event.add("summary", str(moment.title))
    event.add("description", str(moment.text))
    event.add("url", moment.address)
    return event
