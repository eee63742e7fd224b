"""What a mail server is answered, and that no answer tells what one may not know (rules 26 and 43)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F
from django.utils import translation
from pytest_django import Settings

from correspondence.enums import Side
from correspondence.management import receiving
from correspondence.management.receiving import receive
from correspondence.models import AnswerAddress, Conversation, Message, MessageFile
from hubportal.documents.domain import bounded
from hubportal.documents.domain.bounded import TooBusy
from hubportal.mail.management.lmtp import LATER, TAKEN, Answer
from hubportal.mail.models import OutgoingMail, ReceivedCount
from organisations.models import Representative
from tests.factories.accounts import UserFactory
from tests.factories.answering import answers_by_mail, told
from tests.factories.conversing import ANSWERED_AT, ASKED_AT, discussed
from tests.factories.documents import letter_pdf
from tests.factories.organisations import RepresentativeFactory
from tests.mail.answers import HOSTILE, PROGRAMS, mail, raw, written_with

pytestmark = pytest.mark.django_db
NOBODY = f"antwoord+{'a' * 26}@antwoorden.example"
VOUCHER = "mx.portaal.example"


@pytest.fixture(autouse=True)
def _answers() -> Iterator[None]:
    with answers_by_mail:
        yield


def sent(
    notice: OutgoingMail, data: bytes | None = None, *, to: str = "", envelope: str = "", **more: Any
) -> Answer:
    """Hand over an answer to a notice, from who got it."""
    content = mail(sender=notice.recipient, **more) if data is None else data
    return receive(content, envelope or notice.recipient, to or notice.reply_to, at=ANSWERED_AT)


def written() -> list[str]:
    return list(Message.objects.filter(side=Side.APPLICANTS).order_by("pk").values_list("text", flat=True))


def counts() -> dict[str, int]:
    return dict(ReceivedCount.objects.values_list("outcome", "number"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_of_each_program_becomes_what_was_newly_written(program: str) -> None:
    _question, notice = told()
    assert sent(notice, text=written_with(program)) == TAKEN
    words, begins = PROGRAMS[program]
    message = Message.objects.get(side=Side.APPLICANTS)
    assert message.text == words
    assert message.mailed.rest.startswith(begins.strip())
    assert counts() == {"taken": 1}


def test_html_is_read_in_a_process_of_its_own_within_bounds() -> None:
    """A tag of many attributes costs the square of their number, before it is known from whom it is."""
    _question, notice = told()
    costly = "<p>Dank.</p><a " + "\n".join(f"x{number}" for number in range(49_000)) + ">hi</a>"
    said = sent(notice, raw("Content-Type: text/html", costly, sender=notice.recipient))
    assert (said.code, "niet kunnen lezen" in said.words) == (554, True)
    assert sent(notice, text=None, html="<p>Dank.</p><p>Noor</p>", number="<2@x.example>") == TAKEN
    assert (written(), counts()) == (["Dank.\n\nNoor"], {"refused": 1, "taken": 1})


def test_while_another_html_is_read_a_mail_has_to_come_again() -> None:
    _question, notice = told()
    with bounded._slot(["mail"]):
        assert sent(notice, text=None, html="<p>Dank.</p>") == LATER
    assert sent(notice, text=None, html="<p>Dank.</p>") == TAKEN


def test_files_come_along() -> None:
    _question, notice = told()
    assert sent(notice, files=[("plan.pdf", letter_pdf())]) == TAKEN
    assert MessageFile.objects.get().title == "plan.pdf"


def test_words_are_cleaned_as_on_the_page() -> None:
    """Rule 33."""
    _question, notice = told()
    sent(notice, text="Dank\u202e u\u200b wel.\x0b\n")
    assert written() == ["Dank u wel."]


def a_speaker_less(notice: OutgoingMail) -> None:
    Representative.objects.filter(user__email=notice.recipient).update(ended_at=ASKED_AT, ended_by=F("user"))


def a_conversation_less(notice: OutgoingMail) -> None:
    Conversation.objects.all().delete()


def nothing(notice: OutgoingMail) -> None:
    pass


# What makes an address one that takes nothing: how it came so, where the mail goes, and who it is from.
CLOSED: dict[str, tuple[Callable[[OutgoingMail], None], str, str]] = {
    "nobody's address": (nothing, NOBODY, ""),
    "no secret": (nothing, "antwoord@antwoorden.example", ""),
    "another local part": (nothing, "x@antwoorden.example", ""),
    "who speaks for the lead no more": (a_speaker_less, "", ""),
    "a conversation that is gone": (a_conversation_less, "", ""),
    "a colleague who may": (nothing, "", "collega@voorbeeld.example"),
    "a stranger": (nothing, "", "vreemd@elders.example"),
    "no sender": (nothing, "", " "),
    "two senders": (nothing, "", "vreemd@elders.example, ander@elders.example"),
}
# What would be said of the mail itself, to who may write there.
SAYS: dict[str, dict[str, Any]] = {
    "a sound mail": {},
    "no words": {"text": " \n"},
    "too long": {"text": "Dank. " * 2000},
    "a file": {"files": [("a.pdf", b"geen pdf")]},
}


@pytest.mark.parametrize("kind", SAYS)
def test_each_closed_address_is_answered_alike_whatever_the_mail_says(kind: str) -> None:
    """Rule 26: neither the code nor a word tells whether there is a conversation, or was one."""
    case = discussed()
    colleague = UserFactory.create(email="collega@voorbeeld.example")
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    _question, notice = told(case)
    answers = {}
    for name in sorted(CLOSED, key=lambda each: CLOSED[each][0] is not nothing):
        act, to, sender = CLOSED[name]
        act(notice)
        data = mail(**{"sender": sender or notice.recipient, **SAYS[kind]})
        answers[name] = sent(notice, data, to=to)
    [answer] = set(answers.values())
    assert (answer.code, answer.status) == (550, "5.7.1")
    assert answer.words.startswith(
        "Dit antwoord is niet aangekomen. Wij nemen alleen antwoorden aan vanuit de mailbox"
    )
    assert answer.words.endswith("https://portaal.example")
    assert (written(), MessageFile.objects.count(), counts()) == ([], 0, {"refused": len(CLOSED)})
    assert not OutgoingMail.objects.filter(kind="answer_file_left_out").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": " \n"}, "geen eigen woorden"),
        ({"text": "\u200b\u2060"}, "geen eigen woorden"),
        ({"text": "Dank. " * 2000}, "plaats voor 5000"),
    ],
)
def test_who_may_write_reads_why_a_mail_was_not_taken(more: dict[str, Any], words: str) -> None:
    _question, notice = told()
    answer = sent(notice, **more)
    assert (answer.code, words in answer.words) == (554, True)
    assert (written(), counts()) == ([], {"refused": 1})


def test_its_words_are_dutch_whatever_the_process_speaks() -> None:
    _question, notice = told()
    with translation.override("en"):
        assert "geen eigen woorden" in sent(notice, text="\n").words


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_mail_is_returned(kind: str) -> None:
    _question, notice = told()
    answer = sent(notice, HOSTILE[kind])
    assert (answer.code, "niet kunnen lezen" in answer.words, written()) == (554, True, [])


@pytest.mark.parametrize(
    ("data", "envelope"),
    [
        (mail(Auto_Submitted="auto-replied"), ""),
        (mail(Precedence="bulk"), ""),
        (mail(List_Id="<buurt.lijsten.example>"), ""),
        (mail(), "<>"),
        (raw("Content-Type: multipart/report; boundary=b", "--b\n\nNiet bezorgd.\n--b--\n"), ""),
    ],
)
def test_what_a_program_wrote_is_left_alone_and_causes_no_mail(data: bytes, envelope: str) -> None:
    """No loop: neither a message, nor a mail, nor a refusal that a mail server would return to somebody."""
    _question, notice = told()
    before = OutgoingMail.objects.count()
    for to in ("", NOBODY):
        assert sent(notice, data, to=to, envelope=envelope) == TAKEN
    assert (written(), OutgoingMail.objects.count(), counts()) == ([], before, {"ignored": 2})


def test_what_the_mail_server_finds_disowned_is_refused(settings: Settings) -> None:
    _question, notice = told()
    disowned = mail(sender=notice.recipient, Authentication_Results=f"{VOUCHER}; dmarc=fail")
    settings.ANSWERS_BY_MAIL_VOUCHER = VOUCHER
    refusals = {sent(notice, disowned, to=to) for to in ("", NOBODY)}
    assert [(each.code, "niet vaststellen" in each.words) for each in refusals] == [(554, True)]
    assert written() == []
    # That of any other host is not believed.
    settings.ANSWERS_BY_MAIL_VOUCHER = "mx.elders.example"
    assert sent(notice, disowned) == TAKEN


@pytest.mark.parametrize("problem", [OperationalError("weg"), OSError(28, "vol"), TooBusy("druk")])
def test_what_passes_asks_to_try_again(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: Any) -> None:
        raise problem

    _question, notice = told()
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "answer_by_mail", broken)
        assert sent(notice) == LATER
    assert (written(), counts()) == ([], {})
    assert sent(notice) == TAKEN
    assert written() == ["Dank, dat klopt."]


def test_what_was_kept_when_counting_failed_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: Any) -> None:
        raise OperationalError("weg")

    _question, notice = told()
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "count_received", broken)
        assert sent(notice) == LATER
    assert sent(notice) == TAKEN
    assert written() == ["Dank, dat klopt."]


def test_nothing_is_read_of_a_mail_but_its_answer() -> None:
    """Who knows an address of somebody else gains no conversation by it."""
    _question, notice = told()
    sent(notice, mail(sender="vreemd@elders.example"))
    assert AnswerAddress.objects.count() == 1
    assert written() == []
