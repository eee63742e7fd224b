"""What each side says of a conversation without writing: that it was opened, and that it needs no answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_for
from correspondence.domain.waiting import settle_waiting
from correspondence.enums import Side
from correspondence.events import CLOSED, OPENED
from correspondence.models import Conversation
from correspondence.permissions import may_answer, may_discuss
from correspondence.queries import seen_in
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import NewerVersion


@transaction.atomic(durable=True)
def close_conversation(*, reference: str, number: int, seen: str, actor: User, at: datetime) -> Conversation:
    """Say that what waits in a conversation needs no answer; another message of the applicants opens it again. Idempotent.

    Raises ``NotAllowed``, ``DoesNotExist``, and ``NewerVersion`` where something came in since it was ``seen``.
    """
    application = locked_for(may_answer, actor, reference=reference)
    conversation = application.conversations.get(number=number)
    if conversation.waits_since is None:
        return conversation
    if seen != seen_in(conversation, Side.OFFICE):
        raise NewerVersion(
            _(
                "Something was written here after you opened this page. Read it first; nothing has been closed."
            )
        )
    conversation.closed_at, conversation.closed_by = at, actor
    conversation.save(update_fields=["closed_at", "closed_by"])
    record(CLOSED, subject=conversation, actor=actor, at=at)
    settle_waiting(conversation)
    return conversation


@transaction.atomic(durable=True)
def note_read(*, reference: str, number: int, seen: str, actor: User, at: datetime) -> bool:
    """Note that the applicants opened what the office wrote, unless something came in that was not ``seen``. Idempotent.

    Raises ``NotAllowed`` and ``DoesNotExist``.
    """
    application = locked_for(may_discuss, actor, reference=reference)
    conversation = application.conversations.get(number=number)
    if conversation.unread_since is None or seen != seen_in(conversation, Side.APPLICANTS):
        return False
    conversation.unread_since = None
    conversation.save(update_fields=["unread_since"])
    record(OPENED, subject=conversation, actor=actor, at=at)
    return True
