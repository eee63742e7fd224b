"""Writing mails into the outbox, and settling the doubtful ones."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.audit.domain.events import Actor, record
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.enums import MailStatus
from hubportal.mail.events import SETTLED
from hubportal.mail.models import MailAttachment, OutgoingMail


class Enclosure(NamedTuple):
    """A stored file to enclose, by its key in the storage."""

    stored_as: str
    filename: str


class AlreadySettled(RuleViolation):
    """The mail is not waiting for a decision of the office."""


@transaction.atomic
def queue_mail(
    *,
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    at: datetime,
    about: str = "",
    language: str = "nl",
    enclosures: Iterable[Enclosure] = (),
) -> OutgoingMail:
    """Write a mail in the transaction that causes it; it is sent after that (rule 25)."""
    mail = OutgoingMail.objects.create(
        kind=kind,
        recipient=recipient,
        # A line break in a subject would start a new header.
        subject=" ".join(subject.split())[:250],
        body=body,
        about=about,
        language=language,
        queued_at=at,
        due_at=at,
    )
    MailAttachment.objects.bulk_create(
        MailAttachment(mail=mail, stored_as=each.stored_as, filename=each.filename) for each in enclosures
    )
    return mail


@transaction.atomic
def settle(*, mail_id: int, send_again: bool, actor: Actor, at: datetime) -> OutgoingMail:
    """Let the office settle a mail that failed or is uncertain: send it again, or leave it.

    The caller has checked that the actor is of the office. Raises ``AlreadySettled`` when somebody was first.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
    if mail.status not in {MailStatus.UNCERTAIN, MailStatus.FAILED}:
        raise AlreadySettled(_("This mail was settled already."))
    if send_again:
        mail.status, mail.due_at, mail.attempts, mail.problem = MailStatus.QUEUED, at, 0, ""
    else:
        mail.status = MailStatus.SETTLED
    mail.save()
    record(SETTLED, subject=mail, actor=actor, at=at, facts={"send_again": send_again})
    return mail
