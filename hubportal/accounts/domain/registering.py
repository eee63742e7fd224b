"""Registering: what nobody confirmed makes way for who reads the mailbox."""

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.accounts.queries import unconfirmed_with


@transaction.atomic(durable=True)
def make_way(*, email: str, confirmed_by: User) -> None:
    """Remove accounts that were registered with an address and never confirmed, for who showed that they read it. Idempotent.

    Nobody ever logged in to them: they are a word only, and would keep the address from its owner.
    """
    unconfirmed_with(email).exclude(pk=confirmed_by.pk).delete()
