"""What waits in the outbox, and where people, mails and events are found."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.queries import mails_that_need_the_office
from hubportal.office.panels import Figure, Link, Panel

WHO_SETTLES_MAILS = (Role.OFFICER, Role.ADMINISTRATOR)


def panels(user: User) -> list[Panel]:
    """Return how many mails failed or are uncertain."""
    if not user.has_role(*WHO_SETTLES_MAILS):
        return []
    number = mails_that_need_the_office().count()
    figures = [Figure(number, _("Mails that failed or are uncertain"), reverse("admin:mails"))]
    return [Panel(_("Mails"), figures, _("All mails went out."), order=50)]


def links(user: User) -> list[Link]:
    """Return the way to the mails, to people with their roles, and to the event log."""
    found = []
    if user.has_role(*WHO_SETTLES_MAILS):
        found.append(Link(_("Mails"), reverse("admin:mails"), order=50))
    if user.has_role(Role.ADMINISTRATOR):
        found.append(Link(_("People and roles"), reverse("admin:people"), order=60))
        found.append(Link(_("Event log"), reverse("admin:events"), order=70))
    return found
