"""What a returned message says, by the forms that mail servers use, and whatever else strangers send (rule 34)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.mail.domain.returned import MAX_BYTES, Returned, Verdict, read_returned
from tests.mail.returned_messages import (
    ARRIVED,
    AWAY,
    DELAYED,
    EXIM,
    FULL,
    GAVE_UP,
    PERSON,
    QMAIL,
    READ,
    TOKEN,
    WITHOUT_ENVELOPE_TOKEN,
    report,
)

# Behind it one way of reading looks for addresses in each line.
FOLLOWING = b"Your message could not be delivered to the following recipients:\n\n"
UNKNOWN = "5.1.1 smtp; 550 5.1.1 <niemand@voorbeeld.example>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (report(), UNKNOWN),
        (report(action="Failed (5.1.1)"), UNKNOWN),
        (WITHOUT_ENVELOPE_TOKEN, UNKNOWN),
        (FULL, "5.2.2 smtp; 552 5.2.2 Mailbox full"),
        (GAVE_UP, "4.4.7 smtp; 451 4.4.1 timed out (delivery time expired)"),
        (QMAIL, "Remote host said: 550 5.1.1 User unknown"),
        (EXIM, "host mx.voorbeeld.example [192.0.2.1]: 550 5.1.1 no such user"),
    ],
)
def test_a_failure_for_good_is_read_with_its_reason(data: bytes, reason: str) -> None:
    assert read_returned(data) == Returned(Verdict.FAILED, (TOKEN,), reason)
    assert read_returned(data.replace(b"\n", b"\r\n")).verdict == Verdict.FAILED


def test_a_delay_is_no_failure() -> None:
    assert read_returned(DELAYED) == Returned(Verdict.DELAYED, (TOKEN,), "")


@pytest.mark.parametrize("data", [ARRIVED, READ, AWAY, PERSON])
def test_what_arrived_was_read_or_was_answered_did_not_come_back(data: bytes) -> None:
    assert read_returned(data) == Returned(Verdict.NO_BOUNCE, (TOKEN,), "")


def test_a_failure_beside_a_delay_counts() -> None:
    both = report(diagnostic="smtp; 550 no\n\nFinal-Recipient: rfc822; b@voorbeeld.example\nAction: delayed")
    assert read_returned(both).verdict == Verdict.FAILED


def test_a_report_inside_an_enclosed_mail_says_nothing() -> None:
    outer = b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nContent-Type: message/rfc822\n\n"
    assert read_returned(outer + report()).verdict == Verdict.NO_BOUNCE


def test_the_reason_holds_no_sign_that_nobody_sees() -> None:
    assert read_returned(report(diagnostic="smtp; 550 \x00\x07no\x7f")).reason == "5.1.1 smtp; 550 no"


def test_the_reason_fits_its_column() -> None:
    assert len(read_returned(report(diagnostic="x" * 5000)).reason) == 300


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 1000,
        b"Content-Type: multipart/report; boundary=\n\n--",
        f"outbox-{TOKEN}@".encode() + b"\xff" * 5000,
        f"To: a+{TOKEN}@b\nContent-Type: text/plain; charset=x-not-there\nReturn-Path: <>\n\n\xff5.1.1".encode(),
        b"".join(b"a+%032x@b " % number for number in range(50)),
        report(diagnostic="=?utf-8?b?////?= \udcff".encode("utf-8", "surrogateescape").decode("latin-1")),
    ],
)
def test_nothing_that_is_sent_breaks_it(data: bytes) -> None:
    assert read_returned(data).verdict in Verdict


@pytest.mark.parametrize(
    "body",
    [
        b"<" * MAX_BYTES,
        b"a@" * MAX_BYTES,
        b"--g\n" * MAX_BYTES,
        b"Content-Type: multipart/mixed; boundary=g\n\n--g\n" * 20_000,
        b"x: y\n" * MAX_BYTES,
        b" \n" * MAX_BYTES,
        b"> <a@b.example>:\n550 " * 20_000,
        FOLLOWING + b"<" * MAX_BYTES,
        FOLLOWING + b"<a@b" * MAX_BYTES,
        FOLLOWING + (b"<a@b" * 240 + b"\n") * 1000,
    ],
)
def test_no_message_takes_long(body: bytes) -> None:
    head = f"Return-Path: <>\nFrom: MAILER-DAEMON@b\nTo: a+{TOKEN}@b\nContent-Type: multipart/mixed; boundary=g\n"
    for between in (b"\n--g\n", b"", b"\n--g\nContent-Type: text/plain\n\n"):
        began = time.process_time()
        read_returned(head.encode() + between + body)
        assert time.process_time() - began < 10


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read_returned(f"To: a+{TOKEN}@b\n".encode() + data).verdict in Verdict
