"""Reads of who has a stake in an application."""

from django.db.models import Q, QuerySet

from applications.models import Application
from applications.queries import owned_by
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import accounts_of_mailbox
from organisations.queries import proved_representatives


def written_by_others(user: Person) -> QuerySet[Application]:
    """Return the applications in which a person has no stake: neither spoken for nor started by any account of their mailbox (rules 8 and 28)."""
    if not user.is_authenticated:
        return Application.objects.all()
    accounts = accounts_of_mailbox(user.email)
    speakers = proved_representatives().filter(user__in=accounts.values("pk")).order_by()
    begun = Q(created_by__in=accounts.values("pk")) | Q(coalition__created_by__in=accounts.values("pk"))
    led = Q(coalition__lead_organisation__in=speakers.values("organisation"))
    own = Application.objects.filter(begun | led)
    return Application.objects.exclude(
        Q(pk__in=owned_by(user).values("pk")) | Q(pk__in=own.order_by().values("pk"))
    )
