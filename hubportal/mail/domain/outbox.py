"""Queueing mails in the outbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from hubportal.mail.models import MailAttachment, OutgoingMail


class AttachedFile(NamedTuple):
    """A stored file to attach, by its key in the storage."""

    stored_as: str
    filename: str


def queue_mail(
    *,
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    at: datetime,
    about: str = "",
    language: str = "nl",
    attachments: Iterable[AttachedFile] = (),
) -> OutgoingMail:
    """Queue a mail within the transaction that causes it; it is sent after the commit (rule 25)."""
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
        MailAttachment(mail=mail, stored_as=each.stored_as, filename=each.filename) for each in attachments
    )
    return mail
