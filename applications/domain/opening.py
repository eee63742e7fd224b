"""Noting that what somebody was asked was opened, for who asked it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from applications.events import INVITATION_OPENED, REQUEST_OPENED
from applications.models import Collaborator, OneTimeLink
from applications.queries.collaborators import invited_at_mailbox_of
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record


@transaction.atomic(durable=True)
def note_request_opened(*, link_id: int, at: datetime) -> bool:
    """Record that a link for consent was opened for the first time; return whether it was. Idempotent.

    Who has its secret may be a program that looks at mail: it is no proof that somebody read it.
    """
    first = OneTimeLink.objects.filter(pk=link_id, opened_at=None).update(opened_at=at)
    if first:
        record(REQUEST_OPENED, subject=OneTimeLink(pk=link_id), actor=None, at=at)
    return bool(first)


@transaction.atomic(durable=True)
def note_invitation_opened(*, key: UUID, actor: User, at: datetime) -> bool:
    """Record that somebody first opened the invitation that was sent to them; return whether it was. Idempotent.

    Raises ``DoesNotExist`` for who was not invited.
    """
    invited = invited_at_mailbox_of(actor).get(key=key)
    first = Collaborator.objects.filter(pk=invited.pk, opened_at=None).update(opened_at=at)
    if first:
        record(INVITATION_OPENED, subject=invited, actor=actor, at=at)
    return bool(first)
