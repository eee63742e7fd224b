"""What waits in the outbox or is stuck, and where people, mails, events and background work are found."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, may_change_roles
from hubportal.mail.queries import mails_to_settle
from hubportal.office.panels import Figure, Link, Panel
from hubportal.office.permissions import may_settle_mails
from hubportal.office.queries import mails_open_to
from hubportal.sweeps.permissions import may_retry
from hubportal.sweeps.queries import stuck_rows


def panels(user: User) -> list[Panel]:
    """Return how many mails failed or are uncertain, and how much work is stuck."""
    found = []
    if may_settle_mails.includes(user):
        number = mails_open_to(user, mails_to_settle()).count()
        figures = [Figure(number, _("E-mails that failed or are uncertain"), reverse("admin:mails"))]
        found.append(Panel(_("E-mails"), figures, _("All e-mails have been sent."), order=50))
    if may_retry.includes(user):
        figures = [Figure(stuck_rows().count(), _("Work that is stuck"), reverse("admin:background_work"))]
        found.append(Panel(_("Background work"), figures, _("Nothing is stuck."), order=55))
    return found


def links(user: User) -> list[Link]:
    """Return the way to mails, background work, people with their roles, and the event log."""
    found = []
    if may_settle_mails.includes(user):
        found.append(Link(_("E-mails"), reverse("admin:mails"), order=50))
    if may_retry.includes(user):
        found.append(Link(_("Background work"), reverse("admin:background_work"), order=55))
    if may_change_roles.includes(user):
        found.append(Link(_("People and roles"), reverse("admin:people"), order=60))
    if ADMINISTRATORS.includes(user):
        found.append(Link(_("Event log"), reverse("admin:events"), order=70))
    return found
