"""The mailbox of each address that somebody confirmed, in the form in which mailboxes are compared (rule 28)."""

from typing import Any

from allauth.account.models import EmailAddress

from hubportal.accounts.models import KnownAddress
from hubportal.kernel.mailboxes import mailbox


def keep_mailbox(*, instance: EmailAddress, **_signal: Any) -> None:
    """Write the mailbox of a confirmed address beside it; the database kept the address itself, in lower case."""
    kept = instance.email.lower()
    if instance.verified and (box := mailbox(instance.email)) != kept:
        KnownAddress.objects.filter(user=instance.user_id, email=kept).update(mailbox=box)
