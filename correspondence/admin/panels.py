"""The panel of officers about messages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from correspondence.queries import waiting_in_numbers
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS
from hubportal.office.panels import Figure, Link, Panel


def panels(user: User) -> list[Panel]:
    """Return the panel of officers: what waits for their answer, and what does once they declared interests."""
    if not OFFICERS.includes(user):
        return []
    numbers = waiting_in_numbers(user)
    figures = [
        Figure(numbers["to_answer"], _("Messages of applicants to answer"), reverse("admin:messages")),
        Figure(
            numbers["undeclared"],
            _("Messages of applicants to answer after you declared your interests"),
            reverse("admin:to_declare"),
        ),
    ]
    return [Panel(_("Messages"), figures, _("No messages are waiting for you."), order=21)]


def links(user: User) -> list[Link]:
    """Return where officers find messages."""
    return [Link(_("Messages"), reverse("admin:messages"), order=21)] if OFFICERS.includes(user) else []
