"""The only module that sends mail: claim a row, hand it to the mail server, confirm it."""

import logging
import secrets
import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from hubportal.kernel.mailboxes import Undeliverable, as_delivered
from hubportal.kernel.text import visible
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import abandoned_claims, due_mails

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# After these errors the server certainly did not accept the mail.
_NOT_TAKEN = (
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


class NoMailServer(Exception):  # noqa: N818 -- it names what is missing
    """The mail server does not answer, so no mail can go out now."""


def send_due_mails(*, now: Callable[[], datetime], limit: int = 500) -> int:
    """Send what is due, one at a time, and return how many were sent. Workers skip each other's mails.

    Stops at the first mail for which the mail server does not answer: that says nothing of the mail, which waits.
    """
    mark_abandoned_as_uncertain(at=now())
    sent = 0
    for _turn in range(limit):
        mail = claim_next(at=now())
        if mail is None:
            break
        try:
            sent += _send(mail, now=now)
        except NoMailServer:
            logger.warning(
                "mail: the mail server does not answer, %d mails wait", due_mails(at=now()).count()
            )
            break
    return sent


@transaction.atomic(durable=True)
def claim_next(*, at: datetime) -> OutgoingMail | None:
    """Claim the next mail that is due, before anything is sent; ``None`` when nothing is."""
    mail = due_mails(at=at).select_for_update(skip_locked=True).first()
    if mail is not None:
        mail.status, mail.claimed_at, mail.attempts = MailStatus.CLAIMED, at, mail.attempts + 1
        mail.return_token = secrets.token_hex(16)
        mail.save(update_fields=["status", "claimed_at", "attempts", "return_token"])
    return mail


@transaction.atomic(durable=True)
def mark_abandoned_as_uncertain(*, at: datetime) -> int:
    """Mark mails that were claimed and never confirmed, for the office; they are never resent automatically (rule 25)."""
    return abandoned_claims(at=at).update(
        status=MailStatus.UNCERTAIN, problem="the worker stopped before the mail server answered"
    )


def _send(mail: OutgoingMail, *, now: Callable[[], datetime]) -> bool:
    connection = get_connection()
    try:
        message = _message(mail, connection)
    except (OSError, Undeliverable) as problem:
        # A file is missing, or no server can be asked for the address: nothing went out.
        return _put_back(mail, problem, at=now())
    try:
        connection.open()
    except OSError as silence:
        # Refused, unknown or silent: nothing went out, and it was no attempt.
        _close(mail, MailStatus.QUEUED, problem=repr(silence), attempts=mail.attempts - 1)
        raise NoMailServer from silence
    if mail.send_before is not None and now() >= mail.send_before:
        # Its last moment passed since it was claimed: nothing went out, and it was no attempt.
        _close(mail, MailStatus.QUEUED, attempts=mail.attempts - 1)
        _hang_up(connection)
        return False
    heard = _listen_to(connection)
    try:
        message.send()
    except _NOT_TAKEN as problem:
        return _put_back(mail, problem, at=now())
    except Exception as problem:  # the mail may have gone out
        logger.exception("mail %d is uncertain", mail.pk)
        _close(mail, MailStatus.UNCERTAIN, problem=repr(problem))
        return False
    finally:
        _hang_up(connection)
    _close(mail, MailStatus.SENT, sent_at=now(), answer="".join(heard)[:300])
    return True


def _listen_to(connection: BaseEmailBackend) -> list[str]:
    """Return a list that gets what the mail server answers to the content of a mail, which Django keeps to itself."""
    heard: list[str] = []
    server = getattr(connection, "connection", None)
    if isinstance(server, smtplib.SMTP):
        hand_over = server.data

        def data(content: Any) -> tuple[int, bytes]:
            code, words = hand_over(content)
            heard.append(visible(f"{code} {words.decode(errors='replace')}"))
            return code, words

        server.data = data  # type: ignore[assignment,method-assign]
    return heard


def _hang_up(connection: BaseEmailBackend) -> None:
    # An error while closing the connection says nothing about the mail.
    with suppress(OSError):
        connection.close()


def _message(mail: OutgoingMail, connection: BaseEmailBackend) -> EmailMessage:
    message = EmailMessage(
        # Mail programs decode what looks like an encoded word (RFC 2047): whoever typed it wrote other words.
        subject=mail.subject.replace("=?", "=\u2060?"),
        body=mail.body,
        # The envelope's, to which mail servers return what cannot be delivered (RFC 5321); readers see the From.
        from_email=return_address(mail) or settings.DEFAULT_FROM_EMAIL,
        to=[as_delivered(mail.recipient)],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        connection=connection,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<outbox-{mail.return_token}@hubportaal>",
            # Who is away does not answer a program (RFC 3834).
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **_ways_out(mail),
        },
    )
    for each in mail.attachments.all():
        with default_storage.open(each.stored_as) as file:
            message.attach(each.filename, file.read(), each.content_type)
    return message


def _ways_out(mail: OutgoingMail) -> dict[str, str]:
    """Return the headers by which a mail program stops such mails with one click; none where there is nothing to stop."""
    if not mail.unsubscribe_address:
        return {}
    return {
        "List-Unsubscribe": f"<{mail.unsubscribe_address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def return_address(mail: OutgoingMail) -> str:
    """Return the address to which this mail comes back, ``bounces+TOKEN@…``; nothing where no such mailbox is set."""
    local_part, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local_part}+{mail.return_token}@{domain}" if domain else ""


def _put_back(mail: OutgoingMail, problem: Exception, *, at: datetime) -> bool:
    logger.warning("mail %d was not taken: %r", mail.pk, problem)
    is_last = mail.attempts >= MAX_ATTEMPTS or _is_refused_for_good(problem)
    status = MailStatus.FAILED if is_last else MailStatus.QUEUED
    _close(mail, status, problem=repr(problem), due_at=at + timedelta(minutes=2**mail.attempts))
    return False


def _is_refused_for_good(problem: Exception) -> bool:
    """Tell whether the refusal is permanent; a code below 500 asks to try again later."""
    if isinstance(problem, Undeliverable):
        return True
    return isinstance(problem, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _sentence in problem.recipients.values()
    )


def _close(
    mail: OutgoingMail, status: MailStatus, *, problem: str = "", **values: datetime | int | str
) -> None:
    # Only while it is still ours: a sweep may have called it uncertain, and the office settled it.
    OutgoingMail.objects.filter(
        pk=mail.pk, status__in=[MailStatus.CLAIMED, MailStatus.UNCERTAIN], attempts=mail.attempts
    ).update(status=status, problem=problem[:300], **values)
