"""The process that takes answers by mail, over a real socket on the test's database (rule 43)."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings

from correspondence.enums import Side
from correspondence.models import Message
from hubportal.mail.models import OutgoingMail, ReceivedCount
from tests.correspondence.receiver import Receiver, receiver
from tests.factories.answering import ADDRESS, told
from tests.factories.documents import letter_pdf
from tests.faults.conftest import other_session, somebody_waits_for, until
from tests.mail.answers import HOSTILE, mail, written_with
from tests.mail.lmtp_server import connected, handed_over

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["other_session", "receiver"]
Session = psycopg.Connection[tuple[object, ...]]
Handing = Callable[..., socket.socket]
NOBODY = f"antwoord+{'a' * 26}@antwoorden.example"


@pytest.fixture
def handing(receiver: Receiver) -> Iterator[Handing]:
    """Give a way to hand a mail over up to its last line, whose answer is heard on the connection."""
    with ExitStack() as links:

        def begin(notice: OutgoingMail, **more: str) -> socket.socket:
            link = links.enter_context(connected(receiver.port))
            for words in (
                "LHLO a",
                f"MAIL FROM:<{notice.recipient}>",
                f"RCPT TO:<{notice.reply_to}>",
                "DATA",
            ):
                link.sendall(f"{words}\r\n".encode())
                assert heard(link)[:1] in {b"2", b"3"}
            link.sendall(mail(sender=notice.recipient, **more) + b"\r\n.\r\n")
            return link

        yield begin


def written() -> list[str]:
    return list(Message.objects.filter(side=Side.APPLICANTS).order_by("pk").values_list("text", flat=True))


def sent(
    receiver: Receiver, notice: OutgoingMail, data: bytes | None = None, *, to: str = ""
) -> tuple[int, str]:
    content = mail(sender=notice.recipient) if data is None else data
    return handed_over(receiver.port, content, sender=notice.recipient, recipient=to or notice.reply_to)


def test_an_answer_travels_into_the_conversation(receiver: Receiver) -> None:
    _question, notice = told()
    data = mail(written_with("Gmail"), sender=notice.recipient, files=[("plan.pdf", letter_pdf())])
    assert sent(receiver, notice, data) == (250, "")
    message = Message.objects.get(side=Side.APPLICANTS)
    assert (message.text, message.file.title) == ("Dank, dat klopt.\n\nGroet, Noor", "plan.pdf")
    assert message.mailed.rest.startswith("Op za 28 nov. 2026")
    # The same mail once more, as after an answer that got lost.
    assert sent(receiver, notice, data) == (250, "")
    assert len(written()) == 1
    assert dict(ReceivedCount.objects.values_list("outcome", "number")) == {"taken": 2}


def test_what_is_never_taken_is_said_in_dutch_and_alike(receiver: Receiver) -> None:
    """Rule 26, as it goes over the line."""
    _question, notice = told()
    strange = mail(sender="vreemd@elders.example")
    said = {
        sent(receiver, notice, to=NOBODY),
        sent(receiver, notice, strange),
        sent(receiver, notice, strange, to=NOBODY),
    }
    [(code, words)] = said
    assert code == 550
    assert words.startswith("5.7.1 Dit antwoord is niet aangekomen.")
    assert written() == []


def test_hostile_mails_leave_it_standing_and_small(receiver: Receiver) -> None:
    _question, notice = told()
    assert sent(receiver, notice)[0] == 250
    assert receiver.process is not None
    before = psutil.Process(receiver.process.pid).memory_info().rss
    for data in HOSTILE.values():
        assert sent(receiver, notice, data)[0] in {552, 554}
    assert psutil.Process(receiver.process.pid).memory_info().rss - before < 200 * 1024**2
    assert (
        sent(receiver, notice, mail("Nog iets.", sender=notice.recipient, number="<2@x.example>"))[0] == 250
    )
    assert written() == ["Dank, dat klopt.", "Nog iets."]


def test_killed_between_keeping_and_saying_so_it_is_one_message(
    receiver: Receiver, handing: Handing, other_session: Session
) -> None:
    """The message is kept, and the process dies before it says 250: the mail server sends it once more."""
    _question, notice = told()
    # Counting comes after the commit and before the 250.
    other_session.execute("LOCK TABLE mail_receivedcount IN ACCESS EXCLUSIVE MODE")
    link = handing(notice)
    until(lambda: somebody_waits_for("mail_receivedcount"), what="a receiver that waits to count")
    receiver.end(signal.SIGKILL)
    assert heard(link) == b""
    other_session.rollback()
    assert written() == ["Dank, dat klopt."]
    receiver.start()
    assert sent(receiver, notice) == (250, "")
    assert written() == ["Dank, dat klopt."]


def test_killed_before_it_is_kept_nothing_is_acknowledged(
    receiver: Receiver, handing: Handing, other_session: Session
) -> None:
    _question, notice = told()
    other_session.execute("LOCK TABLE correspondence_message IN SHARE ROW EXCLUSIVE MODE")
    link = handing(notice)
    until(lambda: somebody_waits_for("correspondence_message"), what="a receiver that waits to write")
    receiver.end(signal.SIGKILL)
    assert heard(link) == b""
    other_session.rollback()
    assert written() == []
    receiver.start()
    assert sent(receiver, notice) == (250, "")
    assert written() == ["Dank, dat klopt."]


def test_told_to_end_it_finishes_what_it_keeps(
    receiver: Receiver, handing: Handing, other_session: Session
) -> None:
    _question, notice = told()
    other_session.execute("LOCK TABLE correspondence_message IN SHARE ROW EXCLUSIVE MODE")
    handing(notice)
    until(lambda: somebody_waits_for("correspondence_message"), what="a receiver that waits to write")
    assert receiver.process is not None
    receiver.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    other_session.rollback()
    assert receiver.process.wait(timeout=30) == 0
    assert written() == ["Dank, dat klopt."]


def test_who_waits_for_somebody_else_is_told_to_come_again(
    receiver: Receiver, other_session: Session
) -> None:
    """A transaction that stays open takes no place of others for long."""
    _question, notice = told()
    receiver.end()
    # A quarter of it for a transaction.
    receiver.start(HUBPORTAL_REQUEST_TIMEOUT_SECONDS="4")
    other_session.execute("LOCK TABLE correspondence_message IN SHARE ROW EXCLUSIVE MODE")
    assert sent(receiver, notice)[0] == 451
    other_session.rollback()
    assert sent(receiver, notice) == (250, "")
    assert written() == ["Dank, dat klopt."]


def test_while_the_database_is_away_a_mail_has_to_come_again(tmp_path: Path, receiver: Receiver) -> None:
    _question, notice = told()
    receiver.end()
    receiver.start(DATABASE_URL="postgres://nobody:x@127.0.0.1:1/none")
    code, words = sent(receiver, notice)
    assert (code, words) == (451, "4.3.0 Try again later")
    receiver.end()
    receiver.start()
    assert sent(receiver, notice) == (250, "")


def test_on_a_full_disk_a_mail_has_to_come_again(receiver: Receiver) -> None:
    """A folder that nobody can write in answers as a full one does: with an error of the system."""
    _question, notice = told()
    folder = Path(settings.STORAGE_DIR) / "full"
    folder.write_text("no folder")
    receiver.end()
    receiver.start(HUBPORTAL_STORAGE=str(folder))
    data = mail(sender=notice.recipient, files=[("plan.pdf", letter_pdf())])
    assert sent(receiver, notice, data)[0] == 451
    assert written() == []
    folder.unlink()
    receiver.end()
    receiver.start()
    assert sent(receiver, notice, data) == (250, "")
    assert written() == ["Dank, dat klopt."]


def test_many_at_once_are_each_kept_once(receiver: Receiver, handing: Handing) -> None:
    _question, notice = told()
    # Each mail twice.
    links = [
        handing(notice, text=f"Nummer {number // 2}.", number=f"<{number // 2}@x.example>")
        for number in range(8)
    ]
    assert {heard(link)[:3] for link in links} <= {b"250", b"451"}
    for number in range(4):
        data = mail(f"Nummer {number}.", sender=notice.recipient, number=f"<{number}@x.example>")
        assert sent(receiver, notice, data) == (250, "")
    assert sorted(written()) == [f"Nummer {number}." for number in range(4)]


def test_its_log_names_nobody_and_no_address(receiver: Receiver) -> None:
    _question, notice = told()
    sent(receiver, notice)
    sent(receiver, notice, mail(sender="vreemd@elders.example"))
    sent(receiver, notice, HOSTILE["forty files"])
    receiver.end()
    log = receiver.log.read_text()
    secret = notice.reply_to.partition("+")[2].partition("@")[0]
    assert "taking mails for antwoorden.example" in log
    for word in (notice.recipient, secret, "vreemd", "Dank"):
        assert word not in log


def test_it_does_not_start_without_an_address() -> None:
    cache.clear()
    for address, listen in (("", "127.0.0.1:8024"), (ADDRESS, "8024"), (ADDRESS, "127.0.0.1:x")):
        with override_settings(ANSWERS_BY_MAIL_ADDRESS=address), pytest.raises(CommandError):
            call_command("receive_mail", listen=listen)


def heard(link: socket.socket) -> bytes:
    """Return what a server says next; nothing once it hung up."""
    said = b""
    while not (said.endswith(b"\r\n") and said.splitlines()[-1][3:4] == b" "):
        try:
            more = link.recv(4096)
        except ConnectionResetError:
            return b""
        if not more:
            return b""
        said += more
    return said
