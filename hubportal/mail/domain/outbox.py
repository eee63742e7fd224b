"""Queueing mails in the outbox."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from hubportal.mail.enums import MailStatus
from hubportal.mail.models import MailAttachment, OutgoingMail


class AttachedFile(NamedTuple):
    """A stored file to attach, by its key in the storage."""

    stored_as: str
    filename: str


class Message(NamedTuple):
    """A mail that is to be queued: ``kind`` of mail, what it is ``about``, and its words."""

    kind: str
    recipient: str
    subject: str
    body: str
    about: str = ""
    language: str = "nl"
    attachments: Sequence[AttachedFile] = ()
    # Its last moment; none for a mail that holds on any day.
    send_before: datetime | None = None
    # Where the reader stops such mails; empty for what somebody did themselves.
    unsubscribe_address: str = ""
    # Who reads what its reader answers by mail; empty where nobody does.
    reply_to: str = ""


def queue_mail(*, at: datetime, **message: Any) -> OutgoingMail:
    """Queue a mail, named by the fields of ``Message``, as ``queue_mails`` does."""
    return queue_mails([Message(**message)], at=at)[0]


def queue_mails(messages: Sequence[Message], *, at: datetime) -> list[OutgoingMail]:
    """Queue mails within the transaction that causes them; they are sent after the commit (rule 25)."""
    mails = OutgoingMail.objects.bulk_create(_outgoing(each, at=at) for each in messages)
    MailAttachment.objects.bulk_create(
        MailAttachment(mail=mail, stored_as=file.stored_as, filename=file.filename)
        for mail, message in zip(mails, messages, strict=True)
        for file in message.attachments
    )
    return mails


def rewrite_sent(rewrite: Callable[[str], str], *, about: str, recipient: str) -> None:
    """Rewrite the texts of mails that went out to an address about something, within the act that makes a part of them void."""
    sent = OutgoingMail.objects.filter(
        about=about,
        recipient=recipient,
        status__in=[MailStatus.SENT, MailStatus.BOUNCED, MailStatus.SETTLED],
    )
    for mail in sent.select_for_update().order_by("pk"):
        body = rewrite(mail.body)
        if body != mail.body:
            mail.body = body
            mail.save(update_fields=["body"])


def queue_anew(mail: OutgoingMail, message: Message, *, at: datetime) -> None:
    """Let a mail that was not sent bring something else instead, within the act that has locked it (rule 34)."""
    written = _outgoing(message, at=at)
    mail.subject, mail.body, mail.due_at, mail.send_before = (
        written.subject,
        written.body,
        at,
        written.send_before,
    )
    mail.save(update_fields=["subject", "body", "due_at", "send_before"])
    mail.attachments.all().delete()
    MailAttachment.objects.bulk_create(
        MailAttachment(mail=mail, stored_as=file.stored_as, filename=file.filename)
        for file in message.attachments
    )


def give_up(mail: OutgoingMail) -> None:
    """Leave a mail that failed as it is, within the act that sends another one instead; one that came back stays so."""
    OutgoingMail.objects.filter(pk=mail.pk, status__in=[MailStatus.FAILED, MailStatus.UNCERTAIN]).update(
        status=MailStatus.SETTLED
    )


def _outgoing(message: Message, *, at: datetime) -> OutgoingMail:
    return OutgoingMail(
        kind=message.kind,
        recipient=message.recipient,
        # A line break in a subject would start a new header.
        subject=" ".join(message.subject.split())[:250],
        body=message.body,
        about=message.about,
        language=message.language,
        queued_at=at,
        due_at=at,
        send_before=message.send_before,
        unsubscribe_address=message.unsubscribe_address,
        reply_to=message.reply_to,
    )
