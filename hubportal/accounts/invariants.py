"""Invariants of accounts (rule 28)."""

from collections import Counter
from collections.abc import Iterator

from hubportal.accounts.models import KnownAddress, User
from hubportal.accounts.queries import people_in_office
from hubportal.kernel.invariants import Violation
from hubportal.kernel.mailboxes import mailbox


def violations() -> Iterator[Violation]:
    """Yield each person whose mailbox is not kept as it is, and each with a role whose mailbox is that of another one with a role."""
    addresses = User.objects.order_by("pk").values_list("pk", "email", "mailbox")
    for pk, address, kept in addresses.iterator():
        if kept != mailbox(address):
            yield Violation(28, User._meta.label, pk, "has another mailbox than its address is in")
    known = KnownAddress.objects.order_by("pk").values_list("pk", "email", "mailbox")
    for pk, address, kept in known.iterator():
        if kept != mailbox(address):
            yield Violation(28, KnownAddress._meta.label, pk, "is known by another mailbox than it is in")
    people = [(each.pk, each.mailbox) for each in people_in_office().order_by("pk")]
    held = Counter(own for _pk, own in people)
    for pk, own in people:
        if held[own] > 1:
            yield Violation(
                28, User._meta.label, pk, "has a role with the mailbox of somebody else who has one"
            )
