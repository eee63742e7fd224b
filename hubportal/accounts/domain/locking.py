"""Locking a person before what they make in a day is counted."""

from hubportal.accounts.models import User


def lock_person(person: User) -> None:
    """Let the acts of one person that count what they made follow one another, until the transaction ends.

    Before every other lock of the act, so that no two acts wait for each other.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
