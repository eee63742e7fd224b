"""Answering a mail of the demo as a mail program does, through the same door as a mail server's."""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from django.conf import settings

from hubportal.kernel.clock import local_date
from hubportal.mail.models import OutgoingMail

_SECONDS = 30


def is_answerable(mail: OutgoingMail) -> bool:
    """Tell whether the portal itself takes answers to a mail."""
    domain = settings.ANSWERS_BY_MAIL_ADDRESS.rpartition("@")[2]
    return bool(domain) and mail.reply_to.endswith(f"@{domain}")


def hand_over(
    mail: OutgoingMail, text: str, file: tuple[str, bytes] | None, *, at: datetime
) -> tuple[int, str]:
    """Hand an answer of who got a mail over by LMTP, with the mail quoted below it; return the code and words of the answer.

    Raises ``OSError`` where nothing listens.
    """
    answer = _written(mail, text, file, at=at)
    host, _colon, port = settings.ANSWERS_BY_MAIL_LISTENS.rpartition(":")
    try:
        with smtplib.LMTP(host, int(port), timeout=_SECONDS) as server:
            refused = server.sendmail(mail.recipient, [mail.reply_to], answer.as_bytes())
    except smtplib.SMTPRecipientsRefused as refusal:
        refused = refusal.recipients
    except smtplib.SMTPResponseException as refusal:
        return refusal.smtp_code, _said(refusal.smtp_error)
    code, words = refused.get(mail.reply_to, (250, b""))
    return code, _said(words)


def _written(mail: OutgoingMail, text: str, file: tuple[str, bytes] | None, *, at: datetime) -> EmailMessage:
    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"], answer["Subject"] = mail.recipient, mail.reply_to, f"Re: {mail.subject}"
    answer["Message-ID"] = make_msgid(domain="mailbox.example")
    quote = "\n".join(f"> {line}" for line in mail.body.splitlines())
    introduced = f"Op {local_date(at):%d-%m-%Y} schreef {settings.DEFAULT_FROM_EMAIL}:"
    answer.set_content(f"{text}\n\n{introduced}\n\n{quote}\n")
    if file is not None:
        name, content = file
        answer.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return answer


def _said(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
