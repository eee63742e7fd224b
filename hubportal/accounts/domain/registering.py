"""Registering: what nobody confirmed makes way for who reads the mailbox."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from hubportal.accounts.events import MADE_WAY
from hubportal.accounts.models import User
from hubportal.accounts.queries import has_confirmed, unconfirmed_with
from hubportal.audit.domain.events import record


@transaction.atomic(durable=True)
def make_way(*, email: str, confirmed_by: User, at: datetime) -> None:
    """Remove accounts that were registered with an address and never confirmed, for who showed that they read it. Idempotent.

    Nobody ever logged in to them: they are a word only, and would keep the address from its owner. One that a row still
    points to stays. Nothing goes for who did not confirm the address.
    """
    if not has_confirmed(confirmed_by.pk, email):
        return
    for account in (
        unconfirmed_with(email).exclude(pk=confirmed_by.pk).order_by("pk").select_for_update(of=("self",))
    ):
        number = account.pk
        try:
            account.delete()
        except ProtectedError:
            continue
        record(MADE_WAY, subject=confirmed_by, actor=confirmed_by, at=at, facts={"account": number})
