"""Template context for every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hubportal.accounts.sessions import seconds_left
from hubportal.kernel import clock
from hubportal.navigation import navigation_for
from hubportal.whose_page import mark_of


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return whether this is the demo, the roles of the person and whose page it is, the navigation, and how many hours the session lasts."""
    user = getattr(request, "user", None)
    roles = user.roles if user is not None and user.is_authenticated else frozenset()
    return {
        "demo_mode": settings.DEMO,
        "roles": roles,
        "page_of": mark_of(user) if user is not None else "",
        "session_hours": _hours_left(request),
        "navigation": navigation_for(request, roles),
    }


def _hours_left(request: HttpRequest) -> int | None:
    """Return the whole hours that a session lasts at least: nearer its end the page asks how long it is, as another one may prolong it."""
    if not hasattr(request, "session"):
        return None
    left = seconds_left(request, at=clock.of_this_machine())
    return None if left is None else left // 3600
