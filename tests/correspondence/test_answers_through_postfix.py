"""Answers by mail as they really come: through Postfix, with the lines that the README gives for it (rule 43)."""

from collections.abc import Iterator
from io import BytesIO
from smtplib import SMTP

import pikepdf
import pytest
from django.conf import settings

from correspondence.enums import Side
from correspondence.models import Message
from hubportal.mail.models import OutgoingMail, ReceivedCount
from tests.correspondence.receiver import Receiver, receiver
from tests.factories.answering import told
from tests.faults.conftest import until
from tests.mail.answers import mail, written_with
from tests.mail.conftest import Mailbox, elsewhere
from tests.mail.lmtp_server import DOMAIN
from tests.mail.postfix import MailServer, running_postfix

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["elsewhere", "receiver"]


@pytest.fixture
def postfix(receiver: Receiver, elsewhere: Mailbox) -> Iterator[MailServer]:
    with running_postfix(answers=DOMAIN, to=receiver.port, others=elsewhere.port) as server:
        yield server


def large_pdf() -> bytes:
    """Return a file nearly as large as it may be, a third more in a mail: the third line of the README."""
    saved = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"% " + bytes(9 * 1024**2) + b"\n")
        pdf.save(saved, compress_streams=False)
    assert saved.tell() < settings.UPLOAD_LIMIT_BYTES
    return saved.getvalue()


def mailed(
    server: MailServer, notice: OutgoingMail, data: bytes | None = None, *, sender: str = "", to: str = ""
) -> None:
    """Send an answer as a mail program does."""
    sender = sender or notice.recipient
    with SMTP("127.0.0.1", server.port, timeout=20) as client:
        client.sendmail(sender, [to or notice.reply_to], mail(sender=sender) if data is None else data)


def written() -> list[str]:
    return list(Message.objects.filter(side=Side.APPLICANTS).order_by("pk").values_list("text", flat=True))


def test_an_answer_with_a_large_file_travels_into_the_conversation(postfix: MailServer) -> None:
    _question, notice = told()
    plan = large_pdf()
    mailed(postfix, notice, mail(written_with("Gmail"), sender=notice.recipient, files=[("plan.pdf", plan)]))
    until(written, what="the answer in the conversation")
    message = Message.objects.get(side=Side.APPLICANTS)
    assert (message.text, message.file.title) == ("Dank, dat klopt.\n\nGroet, Noor", "plan.pdf")


def test_while_the_portal_is_away_postfix_keeps_an_answer_and_hands_it_over_once(
    postfix: MailServer, receiver: Receiver
) -> None:
    _question, notice = told()
    receiver.end()
    mailed(postfix, notice)
    until(lambda: "status=deferred" in postfix.log, what="a first attempt")
    assert written() == []
    receiver.start()
    until(written, what="the answer in the conversation")
    until(postfix.is_empty, what="an empty queue")
    assert written() == ["Dank, dat klopt."]
    assert dict(ReceivedCount.objects.values_list("outcome", "number")) == {"taken": 1}


def test_who_may_not_answer_reads_so_in_dutch_from_postfix(postfix: MailServer, elsewhere: Mailbox) -> None:
    _question, notice = told()
    mailed(postfix, notice, sender="vreemd@elders.example")
    until(lambda: elsewhere.taken, what="the mail that says so")
    [report] = elsewhere.taken
    assert report["To"] == "vreemd@elders.example"
    assert "Dit antwoord is niet aangekomen." in report.as_string()
    assert written() == []
