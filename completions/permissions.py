"""Who asks to complete an application, and who completes it (rules 14, 27 and 42)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.permissions import NOT_OPEN
from completions.queries import asked_by_office, completed_by
from hubportal.accounts.permissions import Permission, Person

may_complete = Permission(completed_by, _("Only the lead organisation can do this."))
may_ask_to_complete = Permission(asked_by_office, NOT_OPEN)


def closed_mails(person: Person) -> Q:
    """Return the condition of mails about completing that an officer does not read: those about applications closed to them."""
    return Q(kind__startswith="completion_") & ~Q(
        about__in=asked_by_office(person).order_by().values("reference")
    )
