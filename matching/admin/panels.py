"""Where a coalition asks for help that no kwartiermaker may read, and somebody else is needed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS
from hubportal.kernel.languages import dutch, filled_in
from hubportal.office.panels import Figure, Link, Panel
from matching.interest_queries import regions_nobody_helps


def panels(user: User) -> list[Panel]:
    """Return one figure for each of these regions; which coalition asks is not the office's to know (rule 26)."""
    if not ADMINISTRATORS.includes(user):
        return []
    label = _("%(region)s: a coalition asks for help, and no kwartiermaker may read it")
    figures = [
        Figure(1, filled_in(label, region=dutch(each.name)), reverse("admin:regions"))
        for each in regions_nobody_helps(user)
    ]
    return [Panel(_("Help for coalitions"), figures, _("Somebody can read each request for help."), order=33)]


def links(_user: User) -> list[Link]:
    """Return nothing: regions are assigned on their own page."""
    return []
