"""The mail about roles that were given or taken."""

from collections.abc import Collection
from datetime import datetime

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.queries import active_in_role
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails


def queue_roles_changed(
    user: User, *, granted: Collection[Role], revoked: Collection[Role], actor: User, at: datetime
) -> None:
    """Tell every administrator, the one who did it too: nobody gives roles unseen."""
    messages = []
    for reader in active_in_role(Role.ADMINISTRATOR).order_by("pk"):
        subject, body = compose(
            "roles_changed",
            {
                "reader": reader,
                "person": user,
                "granted": granted,
                "revoked": revoked,
                "actor": actor,
                "address": address_of("admin:person", user.pk),
            },
        )
        messages.append(Message(kind="roles_changed", recipient=reader.email, subject=subject, body=body))
    queue_mails(messages, at=at)
