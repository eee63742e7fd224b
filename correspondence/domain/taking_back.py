"""Taking back what was not delivered yet."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_for
from correspondence.domain.waiting import settle_waiting
from correspondence.domain.writing import WRITERS
from correspondence.enums import Side
from correspondence.events import TAKEN_BACK
from correspondence.models import MailedMessage, Message, MessageFile
from correspondence.permissions import may_take_back
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation


@transaction.atomic(durable=True)
def take_message_back(
    *, reference: str, number: int, message_number: int, side: Side, actor: User, at: datetime
) -> Message:
    """Take back what one wrote oneself, while the other side cannot read it: its words and its file go for good. Idempotent.

    Raises ``NotAllowed`` for what somebody else wrote too, ``DoesNotExist``, and ``RuleViolation`` once it was delivered.
    """
    application = locked_for(WRITERS[side], actor, reference=reference)
    message = Message.objects.select_related("conversation").get(
        conversation__application=application,
        conversation__number=number,
        number=message_number,
        side=side,
    )
    may_take_back.check(actor, message)
    if message.taken_back_at is not None:
        return message
    if message.delivered_at is not None:
        raise RuleViolation(
            _("This message has been delivered, so it can no longer be taken back. Write another one.")
        )
    message.text, message.taken_back_at = "", at
    message.save(update_fields=["text", "taken_back_at"])
    # The file itself is swept: another message may name it.
    MessageFile.objects.filter(message=message).delete()
    MailedMessage.objects.filter(message=message).delete()
    record(TAKEN_BACK, subject=message, actor=actor, at=at, facts={"side": side})
    settle_waiting(message.conversation)
    return message
