"""A notice is answered by mail by who got it, once, while they may write there (rules 22, 26, 28, 38 and 43)."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db.models import F
from pytest_django import Settings

from applications.domain.attachments import NotScanned
from applications.domain.submitting import withdraw
from correspondence.domain import writing
from correspondence.domain.addresses import without_secrets
from correspondence.domain.answering import NotKnown, answer_by_mail, open_address
from correspondence.domain.erasing import erase_conversation
from correspondence.domain.taking_back import take_message_back
from correspondence.domain.writing import Added
from correspondence.enums import Side
from correspondence.models import AnswerAddress, Conversation, MailedMessage, Message, MessageFile
from correspondence.permissions import closed_mails
from correspondence.queries import DELIVERED_AFTER
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.names import without_links
from hubportal.kernel.one_time import secret_digest
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from organisations.models import Representative
from tests.factories.accounts import UserFactory, person
from tests.factories.answering import ADDRESS, answers_by_mail, mailed, notice_to, told
from tests.factories.conversing import (
    ANSWERED_AT,
    ASKED_AT,
    answered,
    asked,
    delivered,
    discussed,
    officer_of,
)
from tests.factories.documents import letter_pdf
from tests.factories.organisations import RepresentativeFactory
from tests.scanner import infected_pdf

pytestmark = pytest.mark.django_db
WORDS = "Dank, per e-mail."


@pytest.fixture(autouse=True)
def _answers() -> Iterator[None]:
    with answers_by_mail:
        yield


def answer(notice: OutgoingMail, text: str = WORDS, *, at: Any = ANSWERED_AT, **more: Any) -> Message:
    return answer_by_mail(mail=mailed(notice, text, **more), at=at)


def test_each_conversation_has_a_notice_that_its_reader_can_answer() -> None:
    case = discussed()
    colleague = UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    asked(case, side=Side.OFFICE)
    asked(case, subject="Rekening (fictief)", side=Side.OFFICE)
    assert delivered() == 1
    mails = OutgoingMail.objects.filter(kind="message_to_applicants")
    assert sorted((each.recipient, each.subject) for each in mails) == sorted(
        (reader.email, f"Er is een bericht over uw aanvraag {case.reference} (gesprek {number})")
        for reader in (case.applicant, colleague)
        for number in (1, 2)
    )
    secrets = {
        re.fullmatch(r"antwoord\+([a-z2-7]{26})@antwoorden\.example", each.reply_to)[1] for each in mails
    }
    assert len(secrets) == 4
    # What is kept opens nothing.
    assert set(AnswerAddress.objects.values_list("digest", flat=True)) == {
        secret_digest(each) for each in secrets
    }
    for each in mails:
        assert f"/aanvragen/{case.reference}/berichten/{each.subject[-2]}/" in each.body
        assert "U kunt ook deze e-mail beantwoorden" in each.body


def test_without_an_address_a_notice_is_as_it_was(settings: Settings) -> None:
    settings.ANSWERS_BY_MAIL_ADDRESS = ""
    case = discussed()
    asked(case, side=Side.OFFICE)
    asked(case, subject="Rekening (fictief)", side=Side.OFFICE)
    delivered()
    notice = OutgoingMail.objects.get(kind="message_to_applicants")
    assert (notice.reply_to, AnswerAddress.objects.count()) == (case.call.contact_email, 0)
    assert notice.subject == f"Er is een bericht over uw aanvraag {case.reference}"
    assert "U kunt ook deze e-mail beantwoorden" not in notice.body


def test_an_answer_stands_in_the_conversation_as_if_written_on_the_page() -> None:
    case = discussed()
    question, notice = told(case)
    message = answer(notice, rest="> Beste Noor", sender=f"  {case.applicant.email.upper()} ".strip())
    assert (message.conversation, message.number, message.side, message.text, message.written_by) == (
        *(question.conversation, 2, Side.APPLICANTS, WORDS),
        case.applicant,
    )
    assert (message.mailed.answers, message.mailed.rest, message.mailed.left_out) == (1, "> Beste Noor", "")
    event = AuditEvent.objects.filter(act="correspondence.written").order_by("-pk")[0]
    assert (event.actor_id, event.facts) == (case.applicant.pk, {"side": "applicants", "way": "mail"})
    # The office hears of it as of any other, and the conversation waits.
    delivered(ANSWERED_AT + DELIVERED_AFTER)
    told_to = OutgoingMail.objects.filter(kind="message_to_office").values_list("recipient", "reply_to")
    assert list(told_to) == [(officer_of(case).email, "")]
    question.conversation.refresh_from_db()
    assert question.conversation.waits_since == ANSWERED_AT + DELIVERED_AFTER
    assert list(every_violation()) == []


def test_the_same_mail_twice_is_one_message() -> None:
    question, notice = told()
    first = answer(notice)
    again = answer(notice, at=ANSWERED_AT + timedelta(hours=1))
    assert (again, question.conversation.messages.count()) == (first, 2)
    answer(notice, "Nog iets.", message_id="<2@voorbeeld.example>")
    # One mail to the addresses of two conversations is a message in each.
    other = asked(question.conversation.application, subject="Rekening (fictief)", side=Side.OFFICE)
    delivered(ASKED_AT + DELIVERED_AFTER)
    answer(notice_to(question.conversation.application.submitted_by))
    assert [each.messages.count() for each in Conversation.objects.order_by("number")] == [3, 2]
    assert other.conversation.number == 2


def no_speaker(case: Any, notice: OutgoingMail) -> None:
    Representative.objects.filter(user=case.submitted_by).update(ended_at=ASKED_AT, ended_by=F("user"))


def no_account(case: Any, notice: OutgoingMail) -> None:
    case.submitted_by.is_active = False
    case.submitted_by.save()


def another_mailbox(case: Any, notice: OutgoingMail) -> None:
    case.submitted_by.email = "elders@voorbeeld.example"
    case.submitted_by.save()


def a_second_factor(case: Any, notice: OutgoingMail) -> None:
    Authenticator.objects.create(user=case.submitted_by, type="totp", data={})


def a_role(case: Any, notice: OutgoingMail) -> None:
    case.submitted_by.role_grants.create(role=Role.KWARTIERMAKER, granted_at=ASKED_AT)


def no_conversation(case: Any, notice: OutgoingMail) -> None:
    erase_conversation(case.conversations.get())


ENDS: dict[str, Callable[[Any, OutgoingMail], None]] = {
    each.__name__: each
    for each in (no_speaker, no_account, another_mailbox, a_second_factor, a_role, no_conversation)
}


@pytest.mark.parametrize("name", ENDS)
def test_an_address_ends_when_its_person_writes_there_no_more(name: str) -> None:
    question, notice = told()
    open_address(recipient=notice.reply_to, sender=notice.recipient)
    ENDS[name](question.conversation.application, notice)
    with pytest.raises(NotKnown):
        answer(notice)
    assert not Message.objects.filter(side=Side.APPLICANTS).exists()


def test_an_address_is_of_one_person_alone() -> None:
    """Rules 22 and 28: who is sent the notice by its reader gains nothing, not even a colleague."""
    case = discussed()
    colleague = UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    _question, notice = told(case)
    for sender in (colleague.email, "vreemd@voorbeeld.example", officer_of(case).email, ""):
        with pytest.raises(NotKnown):
            answer(notice, sender=sender)
    local, _at, domain = case.applicant.email.rpartition("@")
    assert answer(notice, sender=f"{local.upper()}+portaal@{domain}").written_by == case.applicant


@pytest.mark.parametrize(
    "recipient", ["antwoord@antwoorden.example", f"antwoord+{'a' * 26}@antwoorden.example", "+@", ""]
)
def test_an_address_that_nobody_has_takes_nothing(recipient: str) -> None:
    _question, notice = told()
    with pytest.raises(NotKnown):
        answer(notice, recipient=recipient)


def test_capitals_in_an_address_change_nothing() -> None:
    _question, notice = told()
    assert answer(notice, recipient=notice.reply_to.upper()).text == WORDS


def test_what_a_person_may_is_asked_with_the_person_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading the address and writing, they were given another mailbox."""
    question, notice = told()
    address = open_address(recipient=notice.reply_to, sender=notice.recipient)
    another_mailbox(question.conversation.application, notice)
    written = writing.Written(WORDS, question.added_with, by_mail=writing.ByMail(address))
    which = (question.conversation.application.reference, 1, Side.APPLICANTS, written, "")
    with pytest.raises(NotAllowed):
        writing.write_on(*which, actor=address.person, at=ANSWERED_AT)


def test_officers_answer_behind_their_second_factor() -> None:
    """A mailbox alone does not speak for the office."""
    case = discussed()
    asked(case)
    delivered()
    assert (OutgoingMail.objects.get(kind="message_to_office").reply_to, AnswerAddress.objects.count()) == (
        "",
        0,
    )


def test_who_uses_a_second_factor_gets_the_notice_as_it_was() -> None:
    case = discussed()
    a_second_factor(case, OutgoingMail())
    _question, notice = told(case)
    assert (notice.reply_to, AnswerAddress.objects.count()) == (case.call.contact_email, 0)


def test_what_a_colleague_may_have_answered_is_not_answered_twice() -> None:
    case = discussed()
    colleague = UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    question, notice = told(case)
    # One's own earlier answer is no colleague's, nor is one that was taken back.
    answer(notice)
    taken = answered(question, "Van mij.", side=Side.APPLICANTS, actor=colleague)
    take_message_back(
        reference=case.reference,
        number=1,
        message_number=taken.number,
        side=Side.APPLICANTS,
        actor=colleague,
        at=ANSWERED_AT,
    )
    answer(notice, "Nog iets.", message_id="<2@voorbeeld.example>")
    answered(question, "Van mij.", side=Side.APPLICANTS, actor=colleague)
    with pytest.raises(NewerVersion, match="Iemand anders van u"):
        answer(notice, "Te laat.", message_id="<3@voorbeeld.example>")
    assert "Te laat." not in set(Message.objects.values_list("text", flat=True))


def test_an_answer_that_crossed_with_the_office_says_to_what_it_is_one() -> None:
    question, notice = told()
    answered(question, "En nog dit.", at=ASKED_AT + DELIVERED_AFTER)
    delivered(ASKED_AT + 3 * DELIVERED_AFTER)
    message = answer(notice)
    assert (message.number, message.mailed.answers) == (3, 1)


def test_limits_are_those_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(writing.MOST_A_DAY, Side.APPLICANTS, 1)
    case = discussed()
    _question, notice = told(case)
    answer(notice)
    with pytest.raises(TooMuch):
        answer(notice, message_id="<2@voorbeeld.example>")
    monkeypatch.setattr(writing, "MOST_MESSAGES", 2)
    with pytest.raises(RuleViolation, match="2 berichten"):
        answer(notice, message_id="<3@voorbeeld.example>")
    withdraw(application_id=case.pk, actor=case.applicant, at=ANSWERED_AT)
    with pytest.raises(RuleViolation, match="ingetrokken"):
        answer(notice, message_id="<4@voorbeeld.example>")


def test_secrets_of_addresses_are_shown_to_nobody() -> None:
    """The head of a quoted mail names the address it went to, and the office reads it."""
    _question, notice = told()
    head = f"Aan: Hubportaal <{notice.reply_to}>, ook {notice.reply_to.upper()}"
    message = answer(notice, f"Zie {notice.reply_to}", rest=head)
    assert (message.text, message.mailed.rest) == (
        f"Zie antwoord+…@{ADDRESS.partition('@')[2]}",
        "Aan: Hubportaal <antwoord+…@antwoorden.example>, ook ANTWOORD+…@ANTWOORDEN.EXAMPLE",
    )
    assert without_secrets("noor+hub@voorbeeld.example") == "noor+hub@voorbeeld.example"


def test_a_sound_file_goes_along_and_one_that_is_refused_keeps_nothing_out() -> None:
    """Rule 24."""
    case = discussed()
    _question, notice = told(case)
    content = letter_pdf()
    files = [
        Added("foto www.spam.example.png", b"geen pdf"),
        Added("plan.pdf", content),
        Added("meer.pdf", content),
    ]
    message = answer(notice, files=files, pictures=["logo.png"])
    assert (message.text, message.file.title, default_storage.exists(message.file.stored_as)) == (
        WORDS,
        "plan.pdf",
        True,
    )
    assert message.mailed.names_left_out == ["foto www.spam.example.png", "meer.pdf", "logo.png"]
    mail = OutgoingMail.objects.get(kind="answer_file_left_out")
    assert (mail.recipient, mail.about, mail.reply_to) == (case.applicant.email, case.reference, "")
    assert "is niet overgenomen" in mail.subject
    assert "Dit bestand is geen pdf" in mail.body
    assert f"- {without_links('meer.pdf')}: Bij een bericht past één bestand." in mail.body
    # Pictures among the words tell nothing that somebody would miss; names carry no links (rule 33).
    assert "logo.png" not in mail.body
    assert "www.spam.example" not in mail.body
    # Handed over once more, it is neither inspected nor told again.
    assert answer(notice, files=files) == message
    assert (
        MessageFile.objects.count(),
        OutgoingMail.objects.filter(kind="answer_file_left_out").count(),
    ) == (1, 1)


def test_who_may_not_know_of_messages_does_not_see_that_mail_in_a_list() -> None:
    """Rule 26."""
    case = discussed()
    _question, notice = told(case)
    answer(notice, files=[Added("a.png", b"x")])
    mails = OutgoingMail.objects.filter(kind="answer_file_left_out")
    assert mails.filter(closed_mails(person(Role.OFFICER))).count() == 1
    assert mails.filter(closed_mails(officer_of(case))).count() == 0


def test_a_file_with_a_virus_is_left_out(clamav: str) -> None:
    """Rule 24."""
    _question, notice = told()
    message = answer(notice, files=[Added("plan.pdf", infected_pdf())])
    assert (message.mailed.left_out, MessageFile.objects.exists()) == ("plan.pdf", False)
    assert "virus" in OutgoingMail.objects.get(kind="answer_file_left_out").body


def test_while_the_scanner_is_away_a_mail_with_a_file_waits(settings: Settings) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    cache.delete("scanner-away")
    _question, notice = told()
    with pytest.raises(NotScanned):
        answer(notice, files=[Added("plan.pdf", letter_pdf())])
    assert not Message.objects.filter(side=Side.APPLICANTS).exists()
    cache.delete("scanner-away")


def test_nothing_is_inspected_for_who_may_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "inspect_to_read_at_once", lambda *_given, **_how: pytest.fail("inspected"))
    _question, notice = told()
    with pytest.raises(NotKnown):
        answer(notice, sender="vreemd@voorbeeld.example", files=[Added("plan.pdf", letter_pdf())])


def test_what_is_taken_back_takes_all_of_its_mail_along() -> None:
    _question, notice = told()
    message = answer(notice, rest="> Beste Noor", files=[Added("plan.pdf", letter_pdf()), Added("b", b"x")])
    take_message_back(
        reference=message.conversation.application.reference,
        number=1,
        message_number=2,
        side=Side.APPLICANTS,
        actor=message.written_by,
        at=ANSWERED_AT,
    )
    assert (MailedMessage.objects.count(), MessageFile.objects.count()) == (0, 0)
    # And the same mail does not bring it back.
    assert answer(notice).text == ""
    assert list(every_violation()) == []


def test_a_rest_without_end_is_cut() -> None:
    _question, notice = told()
    assert len(answer(notice, rest="x" * 60_000).mailed.rest) == 50_004
