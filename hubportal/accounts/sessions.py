"""How long a session lasts: half a day after somebody worked, a day after they logged in, and never longer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

_BEGAN, _ENDS = "session_began", "session_ends"
# A day of work at most: whoever has a stolen session does not keep it alive for ever.
_LONGEST = timedelta(hours=24)


def begin(request: HttpRequest, *, at: datetime) -> None:
    """Let a session that somebody just logged in to last as long as one lasts."""
    request.session[_BEGAN] = at.timestamp()
    prolong(request, at=at)


def prolong(request: HttpRequest, *, at: datetime) -> None:
    """Let the session last from now on as long as one lasts, within a day of the log-in."""
    latest = request.session.get(_BEGAN, at.timestamp()) + _LONGEST.total_seconds()
    request.session[_ENDS] = min(at.timestamp() + settings.SESSION_COOKIE_AGE, latest)


def seconds_left(request: HttpRequest, *, at: datetime) -> int | None:
    """Return how many seconds the session lasts, none or less where it ended; nothing for who is not logged in."""
    ends = request.session.get(_ENDS)
    return None if ends is None else int(ends - at.timestamp())


def is_half_over(request: HttpRequest, *, at: datetime) -> bool:
    """Tell whether it is time to prolong the session of who works: not at each page, which would be a statement each."""
    left = seconds_left(request, at=at)
    return left is not None and left < settings.SESSION_COOKIE_AGE / 2
