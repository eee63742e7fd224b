"""What of retention waits for a person, and the link to it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.office.panels import Figure, Link, Panel
from retention.permissions import may_approve_destruction
from retention.queries import reports_to_approve


def panels(user: User) -> list[Panel]:
    """Return how many reports wait for the approval of this person."""
    if not may_approve_destruction.includes(user):
        return []
    waiting = Figure(
        reports_to_approve(user).count(),
        _("Reports of data past their retention period to approve"),
        reverse("admin:destruction_reports"),
    )
    return [Panel(_("Retention periods"), [waiting], _("No report is waiting for your approval."), order=57)]


def links(user: User) -> list[Link]:
    """Return the way to periods and reports."""
    if not may_approve_destruction.includes(user):
        return []
    return [Link(_("Retention periods"), reverse("admin:destruction_reports"), order=57)]
