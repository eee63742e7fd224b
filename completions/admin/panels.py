"""The panel of officers about completing applications."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from completions.queries import in_numbers
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS
from hubportal.office.panels import Figure, Link, Panel


def panels(user: User) -> list[Panel]:
    """Return the panel of officers: what they were writing, what waits for applicants, and what did not come in time."""
    if not OFFICERS.includes(user):
        return []
    numbers, page = in_numbers(user), reverse("admin:completions")
    figures = [
        Figure(numbers["drafts"], _("Requests to complete that were not asked yet"), page),
        Figure(numbers["waiting"], _("Applications that wait for their completion"), page),
        Figure(numbers["lapsed"], _("Applications that were not completed in time"), page),
    ]
    return [Panel(_("Completions"), figures, _("Nothing is being completed."), order=23)]


def links(user: User) -> list[Link]:
    """Return where officers find what was asked to complete."""
    return [Link(_("Completions"), reverse("admin:completions"), order=23)] if OFFICERS.includes(user) else []
