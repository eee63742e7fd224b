"""What waits for the office of the map, and where it is done."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, OFFICERS
from hubportal.kernel import clock
from hubportal.office.panels import Figure, Link, Panel
from mapping.assignment_queries import regions_without_kwartiermaker
from mapping.correction_queries import corrections_of_office, waiting_too_long


def panels(user: User) -> list[Panel]:
    """Return how many requests for a correction wait too long, and how many regions have no kwartiermaker."""
    found = []
    if OFFICERS.includes(user):
        late = waiting_too_long(corrections_of_office(user), at=clock.now()).count()
        figure = Figure(late, _("Corrections of public texts to answer"), reverse("admin:card_corrections"))
        found.append(Panel(_("Public texts"), [figure], _("No correction waits too long."), order=31))
    if ADMINISTRATORS.includes(user):
        number = regions_without_kwartiermaker().count()
        figure = Figure(number, _("Regions without a kwartiermaker"), reverse("admin:regions"))
        found.append(Panel(_("Regions"), [figure], _("Every region has a kwartiermaker."), order=32))
    return found


def links(user: User) -> list[Link]:
    """Return where corrections are answered, and regions assigned."""
    found = []
    if OFFICERS.includes(user):
        found.append(Link(_("Public texts"), reverse("admin:card_corrections"), order=31))
    if ADMINISTRATORS.includes(user):
        found.append(Link(_("Regions"), reverse("admin:regions"), order=32))
    return found
