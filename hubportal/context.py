"""Template context for every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hubportal.navigation import navigation_for
from hubportal.whose_page import mark_of


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return whether this is the demo, the roles of the person and whose page it is, and the main navigation."""
    user = getattr(request, "user", None)
    roles = user.roles if user is not None and user.is_authenticated else frozenset()
    return {
        "demo_mode": settings.DEMO,
        "roles": roles,
        "page_of": mark_of(user) if user is not None else "",
        "navigation": navigation_for(request, roles),
    }
