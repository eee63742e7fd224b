"""What waits for an officer of who asks for a dossier, and the link to it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS
from hubportal.kernel import clock
from hubportal.office.panels import Figure, Link, Panel
from takeovers.queries import number_to_decide


def panels(user: User) -> list[Panel]:
    """Return how many requests can be decided now."""
    if not OFFICERS.includes(user):
        return []
    number = number_to_decide(user, at=clock.now())
    figures = [Figure(number, _("Requests for a dossier to decide about"), reverse("admin:takeovers"))]
    return [Panel(_("Dossiers"), figures, _("No request for a dossier is waiting for you."), order=31)]


def links(user: User) -> list[Link]:
    """Return where officers find requests for a dossier."""
    return [Link(_("Dossiers"), reverse("admin:takeovers"), order=31)] if OFFICERS.includes(user) else []
