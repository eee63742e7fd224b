"""What becomes of a mail that comes in: it is read, judged as what stands on the page, and answered with a code for the mail server."""

import json
import logging
from datetime import datetime
from email.message import Message

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from applications.domain.attachments import NotScanned
from correspondence.domain.answering import Mail, NotKnown, answer_by_mail, open_address
from correspondence.domain.writing import Added
from correspondence.forms import MessageForm
from hubportal.documents.domain.bounded import TooBusy, TooCostly, run_bounded
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.domain import markup
from hubportal.mail.domain.counting import count_received
from hubportal.mail.domain.new_words import new_words
from hubportal.mail.domain.received import NeverTaken, opened, read_received, too_complex
from hubportal.mail.domain.vouching import is_by_a_program, is_disowned
from hubportal.mail.enums import Outcome
from hubportal.mail.management.lmtp import LATER, TAKEN, Answer

logger = logging.getLogger(__name__)
_MARKUP = str(markup.__file__)
# Long HTML as people send it takes half a second.
_BOUNDS = {"RLIMIT_AS": 512 * 1024 * 1024, "RLIMIT_CPU": 2}


class _Left(Exception):  # noqa: N818 -- it names what was done with it
    """Written by a program: taken, and nothing is done with it."""


def receive(data: bytes, envelope_sender: str, recipient: str, *, at: datetime) -> Answer:
    """Take a mail in, and answer: 250 once it is kept, from 400 for what a later attempt can change, from 500 for the rest.

    Its refusals are sentences in Dutch, which its sender reads in what the mail server returns.
    """
    with translation.override(settings.LANGUAGE_CODE):
        try:
            outcome, answer = _judged(data, envelope_sender, recipient, at=at)
            count_received(outcome=outcome, at=at)
        except (OperationalError, InterfaceError, OSError, TooBusy, NotScanned) as passing:
            # What was kept already is known by its number when the mail comes again.
            logger.warning("a mail has to come again: %s", type(passing).__name__)
            return LATER
        return answer


def _judged(data: bytes, envelope_sender: str, recipient: str, *, at: datetime) -> tuple[Outcome, Answer]:
    try:
        _take(data, envelope_sender, recipient, at=at)
    except _Left:
        return Outcome.IGNORED, TAKEN
    except NotKnown:
        return Outcome.REFUSED, _not_known()
    except (TooBusy, NotScanned):
        raise
    except NeverTaken as refusal:
        return Outcome.REFUSED, Answer(554, "5.6.0", str(refusal))
    except RuleViolation as refusal:
        return Outcome.REFUSED, Answer(554, "5.7.0", str(refusal))
    return Outcome.TAKEN, TAKEN


def _take(data: bytes, envelope_sender: str, recipient: str, *, at: datetime) -> None:
    message = opened(data)
    if is_by_a_program(message, envelope_sender=envelope_sender):
        raise _Left
    if is_disowned(message, host=settings.ANSWERS_BY_MAIL_VOUCHER):
        raise NeverTaken(
            _(
                "Our mail server could not establish that this e-mail comes from you. Log in and answer on the page: %(page)s"
            )
            % {"page": settings.PUBLIC_ADDRESS}
        )
    # Read before it is known whom it is for: an answer to nobody takes as long as another (rule 26).
    mail = _mail(data, message, recipient)
    open_address(recipient=recipient, sender=mail.sender)
    answer_by_mail(mail=_checked(mail), at=at)


def _mail(data: bytes, message: Message, recipient: str) -> Mail:
    received = read_received(data, message, texts_of_html=_texts_of_html)
    words = new_words(received.text)
    return Mail(
        recipient=recipient,
        sender=received.sender,
        message_id=received.message_id,
        text=words.text,
        rest=words.rest,
        files=[Added(each.name, each.content) for each in received.files],
        pictures=received.pictures,
    )


def _texts_of_html(found: list[str]) -> list[str]:
    """Read HTML in a process of its own, one at a time. Raises ``TooBusy``, and ``NeverTaken`` for what takes too much."""
    try:
        text = run_bounded(_MARKUP, "read", json.dumps(found).encode(), slots=["mail"], bounds=_BOUNDS)
    except TooCostly as costly:
        raise too_complex() from costly
    read: list[str] = json.loads(text)
    return read


def _checked(mail: Mail) -> Mail:
    """Return a mail with its words as the form of the page takes them. Raises ``RuleViolation`` with what the form says."""
    form = MessageForm({"text": mail.text})
    if form.is_valid():
        return Mail(**{**vars(mail), "text": form.cleaned_data["text"]})
    if form.has_error("text", code="required"):
        raise RuleViolation(
            _(
                "We found no words of yours in this e-mail. Write something, above what you quote, and send it again."
            )
        )
    raise RuleViolation(" ".join(str(each) for each in form.errors["text"]))


def _not_known() -> Answer:
    """Return the one answer for each address that takes nothing from this sender (rule 26)."""
    words = _(
        "This answer has not been taken. We take answers only from the mailbox that our e-mail went to, and while you can write in "
        "that conversation. Log in and write there: %(page)s"
    )
    return Answer(550, "5.7.1", words % {"page": settings.PUBLIC_ADDRESS})
