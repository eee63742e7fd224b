"""A mail is read whatever it is, within bounds (rules 33 and 43)."""

import time
import tracemalloc
from typing import Any

import pytest

from hubportal.mail.domain import received
from hubportal.mail.domain.markup import text_of_html
from hubportal.mail.domain.received import NamedFile, NeverTaken, Received, opened, read_received
from hubportal.mail.domain.vouching import is_by_a_program
from tests.mail.answers import HOSTILE, ODD, mail, raw

PDF = b"%PDF-1.7 fictief"


def read(data: bytes) -> Received:
    return read_received(
        data, opened(data), texts_of_html=lambda found: [text_of_html(each) for each in found]
    )


def test_an_ordinary_answer_is_read() -> None:
    data = mail("Dank.\n", html="<p>Iets anders.</p>", files=[("Plan één.pdf", PDF)])
    assert read(data) == Received(
        "<1@voorbeeld.example>", "noor@voorbeeld.example", "Dank.\n", (NamedFile("Plan één.pdf", PDF),)
    )


def test_html_is_read_where_there_is_no_text() -> None:
    assert read(mail(None, html="<p>Dank.</p><p>Noor</p>")).text.strip() == "Dank.\n\nNoor"
    assert read(mail(" \n", html="<p>Dank.</p>")).text.strip() == "Dank."


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_mail_is_refused_at_once(kind: str) -> None:
    began = time.monotonic()
    with pytest.raises(NeverTaken, match="niet kunnen lezen"):
        read(HOSTILE[kind])
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "kind",
    [
        "ten thousand fields",
        "a head of a megabyte",
        "a thousand parts in one another",
        "a hundred thousand parts",
        "mails enclosed in mails",
    ],
)
def test_what_would_cost_memory_is_not_even_taken_apart(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received, "message_from_bytes", lambda *_given, **_how: pytest.fail("taken apart"))
    with pytest.raises(NeverTaken):
        opened(HOSTILE[kind])


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_words_of_a_mail_are_bounded_over_all_its_parts(kind: str) -> None:
    words = "Dank. " * 50_000 if kind == "plain" else "<blockquote>" * 250 + "<p>b" * 90_000
    part = f"--b\nContent-Type: text/{kind}\n\n{words}\n"
    data = raw('Content-Type: multipart/mixed; boundary="b"', part * 30)
    tracemalloc.start()
    text = read(data).text
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(text) < 3_000_000
    assert most < len(data) * 3 + 50_000_000


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_mail_is_read_as_far_as_it_can(kind: str) -> None:
    data, text = ODD[kind]
    began = time.monotonic()
    assert read(data).text.strip() == text
    assert time.monotonic() - began < 3


def test_pictures_among_the_words_are_no_files() -> None:
    logo = "--b\nContent-Type: image/png; name=logo.png\nContent-Disposition: inline\nContent-ID: <1>\n\nx\n"
    loose = "--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=foto.png\n\ny\n"
    data = raw('Content-Type: multipart/mixed; boundary="b"', f"--b\n\nDank.\n{logo}{loose}--b--\n")
    found = read(data)
    assert (found.text.strip(), found.pictures, found.files) == (
        "Dank.",
        ("logo.png",),
        (NamedFile("foto.png", b"y"),),
    )


def test_an_enclosed_mail_is_named_and_not_read() -> None:
    enclosed = "--b\nContent-Type: message/rfc822; name=oud.eml\n\nFrom: a@b.example\n\nGeheim.\n"
    data = raw('Content-Type: multipart/mixed; boundary="b"', f"--b\n\nDank.\n{enclosed}--b--\n")
    assert (read(data).text.strip(), read(data).files) == ("Dank.", (NamedFile("oud.eml", b""),))


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("noor@voorbeeld.example", "noor@voorbeeld.example"),
        ("Noor de Wit <noor@voorbeeld.example>", "noor@voorbeeld.example"),
        ('"Wit, Noor de" <noor@voorbeeld.example>', "noor@voorbeeld.example"),
        ('"noor@voorbeeld.example" <ander@elders.example>', "ander@elders.example"),
        # Where two programs could read two addresses, nobody is named.
        ("noor@voorbeeld.example, ander@elders.example", ""),
        ("noor@voorbeeld.example <ander@elders.example>", ""),
        ("noor@voorbeeld.example)ander@elders.example", ""),
        ("<noor@voorbeeld.example> <ander@elders.example>", ""),
        ("Noor <noor@voorbeeld.example> ander@elders.example", ""),
        ("Groep: noor@voorbeeld.example;", ""),
        (f"{'a' * 5000} <noor@voorbeeld.example>", ""),
        ("", ""),
        ("no\0or@voorbeeld.example", ""),
        # What would cost time, or end a parser that goes deeper at each sign.
        ("(" * 3900, ""),
        (" \t" * 1900 + "x", ""),
        ("\n ".join(["a"] * 1300), ""),
        ('"' + "\\" * 3900, ""),
    ],
)
def test_the_sender_is_one_address_or_nobody(sender: str, address: str) -> None:
    began = time.monotonic()
    data = raw("Subject: Re", "Dank.", sender=sender)
    assert read(data).sender == address
    assert not is_by_a_program(opened(data), envelope_sender="noor@voorbeeld.example")
    assert time.monotonic() - began < 2


def test_a_mail_from_two_senders_is_from_nobody() -> None:
    assert read(raw("From: ander@elders.example", "Dank.")).sender == ""


def test_a_mail_without_a_number_is_known_by_its_bytes() -> None:
    first, second = mail(number=""), mail("Iets anders.", number="")
    numbers: list[Any] = [read(each).message_id for each in (first, first, second)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert len(numbers[0]) == 64
