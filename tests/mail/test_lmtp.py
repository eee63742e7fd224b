"""What the portal says to a mail server, and its limits (rule 43)."""

import smtplib
import socket
import time
from typing import Any

import pytest

from hubportal.mail.management import lmtp
from hubportal.mail.management.lmtp import LATER, TAKEN, Answer
from tests.mail.answers import mail
from tests.mail.lmtp_server import DOMAIN, RECIPIENT, SENDER, connected, handed_over, listening, say


def taken(data: bytes, sender: str, recipient: str) -> Answer:
    return TAKEN


def test_a_mail_is_handed_on_byte_for_byte() -> None:
    seen: list[Any] = []

    def receive(*given: Any) -> Answer:
        seen.append(given)
        return TAKEN

    data = mail("Eén.\n..punt\n.\neinde\n")
    with listening(receive) as port:
        assert handed_over(port, data) == (250, "")
        assert handed_over(port, data, sender="") == (250, "")
    assert seen == [(data, SENDER, RECIPIENT), (data, "<>", RECIPIENT)]


def test_it_says_what_it_was_told_in_signs_that_mail_servers_show() -> None:
    said = Answer(550, "5.7.1", f"Eén zin. {'lang ' * 200}")
    with listening(lambda *_given: said) as port:
        code, words = handed_over(port, mail())
    assert (code, words.splitlines()[0][:15]) == (550, "5.7.1 Een zin. ")
    assert max(map(len, words.splitlines())) < 500
    assert words.count("lang") == 200


def test_whatever_breaks_asks_to_try_again() -> None:
    def receive(*_given: Any) -> Answer:
        raise RuntimeError("kapot")

    with listening(receive) as port:
        assert handed_over(port, mail()) == (451, LATER.status + " " + LATER.words)


def test_another_domain_and_a_second_recipient_are_not_taken() -> None:
    with listening(taken) as port, smtplib.LMTP("127.0.0.1", port) as server:
        server.ehlo_or_helo_if_needed()
        server.mail(SENDER)
        assert server.rcpt("antwoord+abc@elders.example")[0] == 550
        assert server.rcpt(RECIPIENT)[0] == 250
        # A mail server sends the others on their own.
        assert server.rcpt(f"antwoord+def@{DOMAIN.upper()}")[0] == 452
        assert server.data(mail())[0] == 250


def test_a_mail_that_is_too_large_is_refused_in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmtp, "MAX_MAIL_BYTES", 2000)
    with listening(taken) as port:
        told = handed_over(port, mail("x" * 60 + "\n"))
        assert told == (250, "")
        for data in (mail("Dank. " * 1000), b"x" * 1500):
            code, words = handed_over(port, data)
            assert (code, "te groot" in words) == (552, True)
        with smtplib.LMTP("127.0.0.1", port) as server:
            server.ehlo_or_helo_if_needed()
            assert server.mail(SENDER, ["SIZE=9999999"])[0] == 552


def test_a_line_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmtp, "_MOST_BYTES_OF_ALL", 100_000)
    with listening(taken) as port, connected(port) as link:
        for words in (b"LHLO a\r\n", b"MAIL FROM:<a@b.example>\r\n", f"RCPT TO:<{RECIPIENT}>\r\n".encode()):
            assert say(link, words).startswith(b"250")
        assert say(link, b"DATA\r\n").startswith(b"354")
        with pytest.raises(OSError):
            send_without_end(link)


def send_without_end(link: socket.socket) -> None:
    for _each in range(100):
        link.sendall(b"x" * 100_000)
        time.sleep(0.01)


def test_there_are_so_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmtp, "MOST_CONNECTIONS", 2)
    with listening(taken) as port:
        first, second = connected(port), connected(port)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as third:
            assert third.recv(100).startswith(b"421 ")
            assert third.recv(100) == b""
        first.close()
        until = time.monotonic() + 5
        while handed_over_or_full(port) != 250:
            assert time.monotonic() < until
        second.close()


def handed_over_or_full(port: int) -> int:
    try:
        return handed_over(port, mail())[0]
    except smtplib.SMTPException:
        return 421


def test_who_says_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmtp, "_SECONDS", 0.3)
    with listening(taken) as port, connected(port) as link:
        began = time.monotonic()
        assert link.recv(100) == b""
        assert time.monotonic() - began < 5
        # In the middle of a mail too.
    with listening(taken) as port, connected(port) as link:
        for words in (
            b"LHLO a\r\n",
            b"MAIL FROM:<a@b.example>\r\n",
            f"RCPT TO:<{RECIPIENT}>\r\n".encode(),
            b"DATA\r\n",
        ):
            say(link, words)
        assert link.recv(100) == b""


@pytest.mark.parametrize(
    "command",
    [
        b"HELO a\r\n",
        b"EHLO a\r\n",
        b"\xff\xfe\r\n",
        b"AUTH PLAIN AAAA\r\n",
        b"X" * 3000 + b"\r\n",
        b"DATA\r\n",
    ],
)
def test_what_is_no_lmtp_is_refused(command: bytes) -> None:
    with listening(taken) as port, connected(port) as link:
        assert say(link, command).startswith(b"5")


def test_what_is_being_read_when_it_ends_is_finished() -> None:
    done: list[bytes] = []

    def receive(data: bytes, *_who: str) -> Answer:
        time.sleep(0.5)
        done.append(data)
        return TAKEN

    with listening(receive) as port, connected(port) as link:
        for words in (
            b"LHLO a\r\n",
            b"MAIL FROM:<a@b.example>\r\n",
            f"RCPT TO:<{RECIPIENT}>\r\n".encode(),
            b"DATA\r\n",
        ):
            say(link, words)
        link.sendall(b"Subject: x\r\n\r\nDank.\r\n.\r\n")
        time.sleep(0.2)
    assert len(done) == 1
