"""Each rule of messages that is broken by hand in the database is named, with its row (rule 38)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from correspondence import invariants
from correspondence.domain.writing import Added
from correspondence.files import stored_files
from correspondence.models import AnswerAddress, Conversation, MailedMessage, Message, MessageFile
from hubportal.kernel.one_time import secret_digest
from tests.breaking import check_constraint, copy_of, force, named
from tests.factories.conversing import ASKED_AT, asked, delivered, discussed
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


def talked(case: Any = None) -> Message:
    message = asked(case or discussed(), file=Added("Bijlage", letter_pdf()))
    delivered()
    message.refresh_from_db()
    message.conversation.refresh_from_db()
    return message


def address_to(message: Message) -> AnswerAddress:
    found = AnswerAddress.objects.filter(conversation=message.conversation).first()
    return found or AnswerAddress.objects.create(
        digest=secret_digest("fictief"),
        conversation=message.conversation,
        person=message.written_by,
        mailbox=message.written_by.mailbox,
        up_to=1,
        made_at=ASKED_AT,
    )


def mail_of(message: Message) -> MailedMessage:
    return MailedMessage.objects.get_or_create(message=message, defaults={"answers": 0})[0]


def test_what_came_by_mail_is_an_answer_to_what_was_before_it_and_goes_with_its_message() -> None:
    """Rule 43."""
    case = discussed()
    message = talked(case)
    force(mail_of(message), answers=1)
    sentence = "answers by mail what came later"
    assert list(invariants.violations()) == named(43, sentence, message)
    other = asked(case)
    mail_of(other)
    force(mail_of(message), answers=0)
    force(other, text="", taken_back_at=ASKED_AT)
    assert list(invariants.violations()) == named(43, "was taken back and keeps its mail", other)


def broken_rows(message: Message) -> list[Any]:
    conversation = message.conversation
    return [
        (lambda: force(conversation, begun_at=AT - timedelta(days=1)), "is about what was not submitted"),
        (lambda: force(conversation, waits_since=None), "waits otherwise than its messages say"),
        (lambda: force(conversation, waits_since=ASKED_AT), "waits otherwise than its messages say"),
        (
            lambda: force(message, written_at=ASKED_AT + timedelta(days=1)),
            "was delivered before it was written",
        ),
    ]


@pytest.mark.parametrize("number", range(4))
def test_what_is_broken_by_hand_is_named(number: int) -> None:
    act, sentence = broken_rows(talked())[number]
    row = act()
    assert [each for each in invariants.violations() if each.sentence == sentence] == named(38, sentence, row)


def test_a_file_of_what_was_taken_back_is_named() -> None:
    message = asked(discussed(), file=Added("Bijlage", letter_pdf()))
    force(message, text="", taken_back_at=ASKED_AT)
    sentence = "was taken back and keeps its file"
    assert list(invariants.violations()) == named(38, sentence, message)


BREAKS: dict[str, tuple[type[Any], Callable[[Message], Any]]] = {
    "conversation_begun_by_a_known_side": (
        Conversation,
        lambda message: force(message.conversation, begun_by="nobody"),
    ),
    "conversation_has_a_subject": (Conversation, lambda message: force(message.conversation, subject="")),
    "conversation_closed_by_somebody": (
        Conversation,
        lambda message: force(message.conversation, closed_at=ASKED_AT - timedelta(days=1)),
    ),
    "conversation_once_per_number": (
        Conversation,
        lambda message: [message.conversation, copy_of(message.conversation, waits_since=None)],
    ),
    "message_of_a_known_side": (Message, lambda message: force(message, side="nobody")),
    "message_says_something_until_taken_back": (Message, lambda message: force(message, text="")),
    "message_delivered_or_taken_back": (
        Message,
        lambda message: force(message, text="", taken_back_at=ASKED_AT),
    ),
    "message_once_per_number": (Message, lambda message: [message, copy_of(message, added_with=uuid4())]),
    "message_sent_once": (Message, lambda message: [message, copy_of(message, number=9)]),
    "message_file_has_its_digest": (MessageFile, lambda message: force(message.file, sha256="none")),
    "answer_address_keeps_a_digest": (
        AnswerAddress,
        lambda message: force(address_to(message), digest="none"),
    ),
    "AnswerAddress.digest": (
        AnswerAddress,
        lambda message: [address_to(message), copy_of(address_to(message))],
    ),
    "MailedMessage.message": (MailedMessage, lambda message: [mail_of(message), copy_of(mail_of(message))]),
}


def test_every_constraint_of_messages_is_among_these() -> None:
    assert set(BREAKS) == set(invariants._CONSTRAINTS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_it_and_a_row_that_breaks_it_is_named(name: str) -> None:
    model, act = BREAKS[name]
    message = talked()
    # A unique field is named by the database itself.
    known_as = name.replace(".", "_").lower() if "." in name else name
    with pytest.raises(IntegrityError, match=known_as), transaction.atomic():
        act(message)
    check_constraint(invariants, name, model, lambda: act(message))


def test_its_files_are_verified() -> None:
    message = talked()
    reference = message.conversation.application.reference
    stored = message.file
    assert [tuple(each) for each in stored_files()] == [
        ("message file", stored.pk, reference, stored.stored_as, stored.sha256)
    ]
