"""Where administrators find the event log."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.admin import Link, Panel, Role


def panels(user: Any) -> list[Panel]:
    """Return nothing: events wait for nobody."""
    return []


def links(user: Any) -> list[Link]:
    """Return the way to the event log."""
    is_administrator = user.has_role(Role.ADMINISTRATOR)
    return [Link(_("Event log"), reverse("admin:events"), order=70)] if is_administrator else []
