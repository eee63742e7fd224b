"""Which drafts an officer is tied to, by everything that the portal holds of both (rules 14 and 29)."""

from django.db.models import QuerySet

from applications.models import Application
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import accounts_of
from reviews.ties import ties


def drafts_tied_to(person: Person, drafts: QuerySet[Application]) -> set[int]:
    """Return to which of these drafts somebody is tied, by any account of their mailbox (rule 28)."""
    accounts = accounts_of(person)
    return {each.application for each in ties(drafts, User.objects.filter(pk__in=accounts.values("pk")))}
