"""The mails about roles that were given or taken, and about a name that was changed."""

from collections.abc import Collection
from datetime import datetime

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.queries import active_in_role
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mail, queue_mails


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


def queue_name_changed(user: User, *, at: datetime) -> None:
    """Tell the owner of an account that it is called otherwise: somebody else may sit at their open session."""
    subject, body = compose("name_changed", {"person": user, "address": address_of("account_name")})
    queue_mail(kind="name_changed", recipient=user.email, subject=subject, body=body, at=at)
