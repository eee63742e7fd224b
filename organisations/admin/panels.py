"""What waits for an officer about who speaks for an organisation, and the link to it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS
from hubportal.office.panels import Figure, Link, Panel
from organisations.permissions import may_vouch_as_office


def panels(user: User) -> list[Panel]:
    """Return how many people still have to be confirmed."""
    if not OFFICERS.includes(user):
        return []
    waiting = Figure(
        may_vouch_as_office.rows(user).count(),
        _("Representatives to confirm"),
        reverse("admin:representatives"),
    )
    return [Panel(_("Representatives"), [waiting], _("Nobody is waiting to be confirmed."), order=30)]


def links(user: User) -> list[Link]:
    """Return where an officer confirms and ends representatives."""
    if not OFFICERS.includes(user):
        return []
    return [Link(_("Representatives"), reverse("admin:representatives"), order=30)]
