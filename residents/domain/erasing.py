"""Erasing what residents wrote: when they withdraw it, and when its time is over."""

from datetime import datetime

from django.db import transaction

from hubportal.audit.domain.events import record
from hubportal.mail.models import OutgoingMail
from hubportal.sweeps.models import PostponedRow
from residents.domain.writing import check_can_be_confirmed
from residents.enums import Ending
from residents.events import ERASED
from residents.models import ResidentMessage


@transaction.atomic(durable=True)
def withdraw_message(*, message_id: int, at: datetime) -> bool:
    """Erase what somebody wrote, at their request; what a kwartiermaker took over of it stays. Idempotent."""
    message = ResidentMessage.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        return False
    _erase(message, Ending.WITHDRAWN, at=at)
    return True


@transaction.atomic(durable=True)
def disown_message(*, message_id: int, at: datetime) -> bool:
    """Erase what somebody else wrote under an address, for who reads its mailbox: it no longer counts for them. Idempotent.

    Raises ``DeadLink`` once it was confirmed: that is withdrawn through the receipt.
    """
    message = ResidentMessage.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        return False
    check_can_be_confirmed(message, at=at)
    _erase(message, Ending.DISOWNED, at=at)
    return True


@transaction.atomic(durable=True)
def erase_message(*, message_id: int, at: datetime) -> bool:
    """Erase what nobody confirmed in time, or is past its period. Idempotent."""
    message = ResidentMessage.objects.select_for_update().filter(pk=message_id).first()
    if message is None or at < message.kept_until:
        return False
    _erase(message, Ending.OVER if message.confirmed_at else Ending.UNCONFIRMED, at=at)
    return True


def _erase(message: ResidentMessage, reason: Ending, *, at: datetime) -> None:
    """Remove a locked message with its mails; one that is being sent may still arrive."""
    facts = {"region": message.region_id, "reason": reason}
    record(ERASED, subject=message, actor=None, at=at, facts=facts)
    OutgoingMail.objects.filter(about=message.mails_about).delete()
    # What a job said of a row that it could not do may quote it.
    PostponedRow.objects.filter(sweep="residents.erase", row_id=message.pk).delete()
    message.delete()
