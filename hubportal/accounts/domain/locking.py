"""Locking a person, or all accounts of a mailbox, before what they make in a day is counted."""

from hubportal.accounts.models import User
from hubportal.accounts.queries import accounts_of


def lock_person(person: User) -> None:
    """Let the acts of one person that count what they made follow one another, until the transaction ends.

    Before every other lock of the act, so that no two acts wait for each other.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def lock_people(*people: User) -> None:
    """Do as ``lock_person`` for several people, in one order whoever is named first."""
    keys = {each.pk for each in people}
    rows = User.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def lock_mailbox(person: User) -> None:
    """Do as ``lock_person`` for every account of a person's mailbox: what is counted of a mailbox follows one another (rule 28)."""
    accounts = User.objects.filter(pk__in=accounts_of(person).values("pk")).order_by("pk")
    list(accounts.select_for_update(no_key=True).values_list("pk"))
