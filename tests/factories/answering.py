"""Notices that can be answered by mail, and answers to them."""

from typing import Any

from django.test.utils import override_settings

from correspondence.domain.answering import Mail
from correspondence.enums import Side
from correspondence.models import Message
from correspondence.queries import DELIVERED_AFTER
from hubportal.mail.models import OutgoingMail
from tests.factories.conversing import ASKED_AT, asked, delivered, discussed

ADDRESS = "antwoord@antwoorden.example"
# Of what the settings are without an environment of their own.
answers_by_mail = override_settings(ANSWERS_BY_MAIL_ADDRESS=ADDRESS, PUBLIC_ADDRESS="https://portaal.example")


def told(case: Any = None, *, at: Any = ASKED_AT) -> tuple[Message, OutgoingMail]:
    """Have the office write to the applicant; return the message and the notice."""
    message = asked(case or discussed(), side=Side.OFFICE, at=at)
    delivered(at + DELIVERED_AFTER)
    message.refresh_from_db()
    return message, notice_to(message.conversation.application.submitted_by)


def notice_to(person: Any) -> OutgoingMail:
    """Return the last notice to somebody that the office wrote."""
    sent = OutgoingMail.objects.filter(kind="message_to_applicants", recipient=person.email)
    return sent.order_by("-pk")[0]


def mailed(notice: OutgoingMail, text: str = "Zo is het goed.", **more: Any) -> Mail:
    """Return an answer to a notice, from the mailbox that it went to."""
    values = {"recipient": notice.reply_to, "sender": notice.recipient, "message_id": "<1@voorbeeld.example>"}
    return Mail(**{**values, "text": text, **more})
