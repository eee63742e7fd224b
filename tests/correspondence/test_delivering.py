"""What was written reaches the other side after some minutes, with one mail without a word of it (rules 14, 26 and 38)."""

from datetime import timedelta
from typing import Any

import pytest

from applications.models import ReadingAccess
from correspondence.domain.closing import close_conversation, note_read
from correspondence.domain.taking_back import take_message_back
from correspondence.domain.writing import Added
from correspondence.enums import Side
from correspondence.models import Conversation, Message, MessageFile
from correspondence.queries import (
    DELIVERED_AFTER,
    conversations_of,
    messages_in,
    seen_in,
    waiting_for,
    waiting_in_numbers,
)
from correspondence.tasks import DELIVERING
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from hubportal.office.queries import mails_open_to
from reviews.domain.interests import declare_interest
from reviews.queries import asked_to_declare
from tests.factories.accounts import UserFactory, person
from tests.factories.conversing import (
    ANSWER,
    ANSWERED_AT,
    ASKED_AT,
    QUESTION,
    SUBJECT,
    answered,
    asked,
    delivered,
    discussed,
    officer_of,
)
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory
from tests.factories.scenarios import committee, open_to

pytestmark = pytest.mark.django_db

A_SECOND = timedelta(seconds=1)


def notices() -> list[tuple[Any, ...]]:
    sent = OutgoingMail.objects.filter(kind__startswith="message_").order_by("pk")
    return list(sent.values_list("kind", "recipient", "about", "reply_to"))


def texts(conversation: Conversation, side: Side) -> list[str]:
    return [each.text for each in messages_in(conversation, side)]


def taken_back(message: Message, *, side: Side = Side.APPLICANTS, at: Any = ASKED_AT) -> Message:
    return take_message_back(
        reference=message.conversation.application.reference,
        number=message.conversation.number,
        message_number=message.number,
        side=side,
        actor=message.written_by,
        at=at,
    )


def test_the_other_side_learns_nothing_before_it_is_delivered() -> None:
    case = discussed()
    conversation = asked(case).conversation
    assert delivered(ASKED_AT + DELIVERED_AFTER - A_SECOND) == 0
    assert list(conversations_of(case, Side.OFFICE)) == []
    assert [each.subject for each in conversations_of(case, Side.APPLICANTS)] == [SUBJECT]
    assert (texts(conversation, Side.APPLICANTS), texts(conversation, Side.OFFICE)) == ([QUESTION], [])
    assert waiting_in_numbers(officer_of(case)) == {"to_answer": 0, "undeclared": 0}
    assert notices() == []
    assert delivered() == 1
    assert texts(conversation, Side.OFFICE) == [QUESTION]
    assert list(waiting_for(officer_of(case))) == [conversation]


def test_ten_messages_in_five_minutes_are_one_mail() -> None:
    case = discussed()
    first = asked(case)
    for number in range(1, 10):
        moment = ASKED_AT + timedelta(seconds=30 * number)
        answered(first, f"En {number}?", side=Side.APPLICANTS, at=moment)
    assert delivered() == 1
    assert notices() == [("message_to_office", officer_of(case).email, case.reference, "")]
    assert not Message.objects.filter(delivered_at=None).exists()
    assert delivered(ANSWERED_AT) == 0


def test_a_notice_holds_no_word_and_can_be_answered() -> None:
    case = discussed()
    first = asked(case)
    delivered()
    answered(first)
    delivered(ANSWERED_AT + DELIVERED_AFTER)
    contact = case.call.contact_email
    assert notices() == [
        ("message_to_office", officer_of(case).email, case.reference, ""),
        ("message_to_applicants", case.applicant.email, case.reference, contact),
    ]
    assert contact
    for mail in OutgoingMail.objects.filter(kind__startswith="message_"):
        for word in (QUESTION, ANSWER, SUBJECT, case.coalition.name):
            assert word not in mail.subject + mail.body
    to_applicants = OutgoingMail.objects.get(kind="message_to_applicants")
    assert to_applicants.subject == f"Er is een bericht over uw aanvraag {case.reference}"
    assert f"/aanvragen/{case.reference}/berichten/" in to_applicants.body
    assert contact in to_applicants.body


def test_an_answer_by_mail_reaches_the_office(mailoutbox: Any) -> None:
    case = discussed()
    asked(case, side=Side.OFFICE)
    delivered()
    send_due_mails(now=lambda: ANSWERED_AT)
    answers = {each.to[0]: each.reply_to for each in mailoutbox if "bericht over uw aanvraag" in each.subject}
    assert answers == {case.applicant.email: [case.call.contact_email]}


def test_who_may_read_is_asked_when_it_is_delivered() -> None:
    """Rules 14 and 29: not who was allowed to when it was written."""
    case = discussed()
    leaving, coming, interested = (person(Role.OFFICER) for _each in range(3))
    open_to(case, leaving)
    asked(case)
    ReadingAccess.objects.filter(user=leaving).update(revoked_at=ASKED_AT)
    open_to(case, coming)
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Mijn zus.", actor=interested, at=AT
    )
    delivered()
    assert {each[1] for each in notices()} == {officer_of(case).email, coming.email}
    # Nor are they told by the list of mails.
    told = OutgoingMail.objects.filter(kind="message_to_office")
    assert mails_open_to(interested, told).count() == 0
    assert mails_open_to(coming, told).count() == 2


def test_everybody_who_speaks_for_the_lead_is_told_and_no_partner() -> None:
    case = discussed()
    colleague, partner = UserFactory.create(), UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
    asked(case, side=Side.OFFICE)
    delivered()
    assert {each[1] for each in notices()} == {case.applicant.email, colleague.email}


def test_it_waits_until_it_is_answered_closed_or_asked_again() -> None:
    case = discussed()
    officer = officer_of(case)
    conversation = asked(case).conversation
    delivered()
    conversation.refresh_from_db()
    assert conversation.waits_since == ASKED_AT + DELIVERED_AFTER
    reply = answered(Message.objects.get())
    assert list(waiting_for(officer)) == []
    # What is taken back was no answer.
    taken_back(reply, side=Side.OFFICE, at=ANSWERED_AT)
    assert list(waiting_for(officer)) == [conversation]
    which = {"reference": case.reference, "number": 1, "actor": officer}
    with pytest.raises(NewerVersion):
        close_conversation(**which, seen="0:0", at=ANSWERED_AT)
    close_conversation(**which, seen=seen_in(conversation, Side.OFFICE), at=ANSWERED_AT)
    assert list(waiting_for(officer)) == []
    assert list(every_violation()) == []
    later = ANSWERED_AT + timedelta(hours=1)
    answered(reply, "Toch nog iets.", side=Side.APPLICANTS, at=later)
    delivered(later + DELIVERED_AFTER)
    assert list(waiting_for(officer)) == [conversation]
    conversation.refresh_from_db()
    assert conversation.waits_since == later + DELIVERED_AFTER
    assert list(every_violation()) == []


def test_what_waits_is_hidden_until_interests_are_declared_and_from_who_has_one() -> None:
    """Rules 14 and 26."""
    case = discussed()
    newcomer, interested, speaking = (person(Role.OFFICER) for _each in range(3))
    RepresentativeFactory.create(organisation=case.lead, user=speaking)
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Mijn zus.", actor=interested, at=AT
    )
    assert not asked_to_declare(newcomer).exists()
    asked(case)
    delivered()
    people = (officer_of(case), newcomer, interested, speaking, committee().chair)
    assert [waiting_in_numbers(each) for each in people] == [
        {"to_answer": 1, "undeclared": 0},
        {"to_answer": 0, "undeclared": 1},
        *[{"to_answer": 0, "undeclared": 0}] * 3,
    ]
    assert list(asked_to_declare(newcomer)) == [case]
    assert list(asked_to_declare(committee().chair)) == []


def test_what_the_office_wrote_is_new_until_one_of_them_opened_it() -> None:
    case = discussed()
    conversation = asked(case, side=Side.OFFICE).conversation
    which = {"reference": case.reference, "number": 1, "actor": case.applicant, "at": ANSWERED_AT}
    delivered()
    conversation.refresh_from_db()
    assert conversation.unread_since == ASKED_AT + DELIVERED_AFTER
    # Something came in between reading and noting it.
    assert not note_read(**which, seen="0:0")
    assert note_read(**which, seen=seen_in(conversation, Side.APPLICANTS))
    assert not note_read(**which, seen=seen_in(conversation, Side.APPLICANTS))
    conversation.refresh_from_db()
    assert conversation.unread_since is None


def test_what_is_not_delivered_can_be_taken_back_by_who_wrote_it() -> None:
    case = discussed()
    colleague = UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    message = asked(case, file=Added("Bijlage", letter_pdf()))
    with pytest.raises(NotAllowed):
        take_message_back(
            reference=case.reference,
            number=1,
            message_number=1,
            side=Side.APPLICANTS,
            actor=colleague,
            at=ASKED_AT,
        )
    taken_back(message)
    again = taken_back(message, at=ANSWERED_AT)
    assert (again.text, again.taken_back_at, MessageFile.objects.count()) == ("", ASKED_AT, 0)
    assert delivered() == 0
    assert list(conversations_of(case, Side.OFFICE)) == []
    assert notices() == []
    second = answered(message, "Nu goed.", side=Side.APPLICANTS)
    delivered(ANSWERED_AT + DELIVERED_AFTER)
    with pytest.raises(RuleViolation, match="al aangekomen"):
        taken_back(second, at=ANSWERED_AT + DELIVERED_AFTER)
    assert texts(second.conversation, Side.OFFICE) == ["Nu goed."]
    assert list(every_violation()) == []


def test_the_job_delivers_what_is_due() -> None:
    message = asked(discussed())
    at = ASKED_AT + DELIVERED_AFTER
    assert list(DELIVERING.due(at)) == [message]
    assert DELIVERING.act(message.pk, at)
    assert not DELIVERING.act(message.pk, at)
    assert list(DELIVERING.due(at)) == []
