"""Erasing people: at once and for good, with a receipt that names nobody (GDPR art. 17; rule 23)."""

import secrets
from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.mail.models import OutgoingMail
from hubportal.sweeps.models import PostponedRow
from people.domain.keeping import locked_to_erase
from people.domain.links import locked_link
from people.domain.mails import queue_receipt
from people.enums import CHOSEN_REASONS, ErasureReason
from people.events import ERASED
from people.models import ErasureReceipt, MappedPerson
from people.permissions import may_keep
from people.queries import RECEIPT_KIND, mails_to_forget, was_mailed


@transaction.atomic(durable=True)
def erase_person(*, person_id: int, reason: ErasureReason, actor: User, at: datetime) -> ErasureReceipt:
    """Erase somebody who asked the kwartiermaker for it, or was written down by mistake.

    Raises ``NotAllowed``, and ``RuleViolation`` once they are erased.
    """
    person = locked_to_erase(person_id)
    may_keep.check(actor, person)
    assert reason in CHOSEN_REASONS
    return _erase(person, reason, by=actor, at=at)


@transaction.atomic(durable=True)
def decline_by_link(*, link_id: int, at: datetime) -> ErasureReceipt:
    """Erase somebody who does not agree, or does not agree once more. Raises ``DeadLink``."""
    link = locked_link(link_id, at=at)
    return _erase(link.person, ErasureReason.DECLINED, by=None, at=at)


@transaction.atomic(durable=True)
def withdraw_by_link(*, link_id: int, at: datetime) -> ErasureReceipt:
    """Erase somebody who withdraws the consent through the link of any mail. Raises ``DeadLink``."""
    link = locked_link(link_id, at=at)
    return _erase(link.person, ErasureReason.WITHDRAWN, by=None, at=at)


@transaction.atomic(durable=True)
def erase_ended(*, person_id: int, at: datetime) -> bool:
    """Erase somebody whose consent ended, or who did not answer in time. Idempotent."""
    person = MappedPerson.objects.select_for_update().filter(pk=person_id).first()
    if person is None or at < person.kept_until:
        return False
    reason = ErasureReason.UNANSWERED if person.consented_at is None else ErasureReason.ENDED
    _erase(person, reason, by=None, at=at)
    return True


@transaction.atomic(durable=True)
def forget_mail(*, mail_id: int, at: datetime) -> bool:
    """Forget the mail that brought a receipt: the last that held the address. Idempotent."""
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, kind=RECEIPT_KIND).first()
    if mail is None or not mails_to_forget(at=at).filter(pk=mail.pk).exists():
        return False
    mail.delete()
    return True


def _erase(person: MappedPerson, reason: ErasureReason, *, by: User | None, at: datetime) -> ErasureReceipt:
    """Remove somebody, locked, with talks, consents, links and mails; one that is being sent may still arrive."""
    receipt = ErasureReceipt.objects.create(
        code=secrets.token_urlsafe(16), region=person.region, reason=reason, erased_at=at, erased_by=by
    )
    record(ERASED, subject=person, actor=by, at=at, facts={"reason": reason})
    name, email, is_told = person.name, person.email, was_mailed(person)
    OutgoingMail.objects.filter(about=person.mails_about).delete()
    # What a job said of a row that it could not do may quote it.
    PostponedRow.objects.filter(sweep__in=["people.erase_ended", "people.remind"], row_id=person.pk).delete()
    person.delete()
    if email and is_told:
        queue_receipt(receipt, name=name, email=email, at=at)
    return receipt
