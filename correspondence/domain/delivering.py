"""Delivering what was written: from then on the other side reads it, and is told by one mail without a word of it (rules 26 and 38)."""

from datetime import datetime

from django.db import transaction

from applications.domain.locking import locked
from correspondence.domain.mails import tell
from correspondence.domain.waiting import settle_waiting
from correspondence.enums import Side
from correspondence.events import DELIVERED
from correspondence.models import Conversation, Message
from correspondence.queries import undelivered
from hubportal.audit.domain.events import record


@transaction.atomic(durable=True)
def deliver_messages(*, message_id: int, at: datetime) -> bool:
    """Deliver a message, with all that its side wrote about the application meanwhile, and tell the other side once. Idempotent."""
    about = Message.objects.select_related("conversation").filter(pk=message_id).first()
    if about is None:
        return False
    application = locked(about.conversation.application_id)
    side = Side(about.side)
    waiting = list(
        undelivered(side=side, conversation__application=application).select_related("conversation")
    )
    if message_id not in {each.pk for each in waiting}:
        return False
    for each in waiting:
        each.delivered_at = at
        each.save(update_fields=["delivered_at"])
        record(DELIVERED, subject=each, actor=None, at=at, facts={"side": side})
    conversations = list(
        application.conversations.filter(pk__in={each.conversation_id for each in waiting}).order_by(
            "number", "pk"
        )
    )
    for conversation in conversations:
        _turn(conversation, side, at=at)
    tell(application, side, conversations, at=at)
    return True


def _turn(conversation: Conversation, side: Side, *, at: datetime) -> None:
    """Let a conversation wait for who reads it now."""
    settle_waiting(conversation)
    if side == Side.OFFICE and conversation.unread_since is None:
        conversation.unread_since = at
        conversation.save(update_fields=["unread_since"])
