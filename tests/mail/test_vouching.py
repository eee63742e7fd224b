"""Whether a program wrote a mail, and whether the domain of its sender disowns it (rule 43)."""

import pytest

from hubportal.mail.domain.received import opened
from hubportal.mail.domain.vouching import is_by_a_program, is_disowned
from tests.mail.answers import mail, raw

HOST = "mx.portaal.example"


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner=x",
        "Precedence: bulk",
        "Precedence: LIST",
        "Precedence: junk",
        "Precedence: auto_reply",
        "List-Id: <buurt.lijsten.example>",
        "List-Unsubscribe: <https://lijsten.example>",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "Content-Type: message/disposition-notification",
    ],
)
def test_a_program_is_known_by_what_it_says(field: str) -> None:
    assert is_by_a_program(opened(raw(field, "Ik ben er niet.")), envelope_sender="noor@voorbeeld.example")


@pytest.mark.parametrize("envelope_sender", ["", "<>"])
def test_a_returned_mail_has_no_sender(envelope_sender: str) -> None:
    assert is_by_a_program(opened(mail()), envelope_sender=envelope_sender)


def test_a_mail_server_is_a_program() -> None:
    message = opened(mail(sender="Mail Delivery System <MAILER-DAEMON@mx.example>"))
    assert is_by_a_program(message, envelope_sender="x@mx.example")


@pytest.mark.parametrize(
    "field",
    ["Auto-Submitted: no", "Precedence: normal", "X-Auto-Response-Suppress: All", "Subject: Re: List-Id"],
)
def test_a_person_is_none(field: str) -> None:
    """What programs of people write too is no sign: their answer would vanish without a word."""
    assert not is_by_a_program(opened(raw(field, "Dank.")), envelope_sender="noor@voorbeeld.example")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([f"{HOST}; dmarc=fail (p=none) header.from=voorbeeld.example"], True),
        ([f"{HOST} 1; spf=pass smtp.mailfrom=x; dmarc=fail header.from=x"], True),
        ([f"{HOST.upper()};\r\n dkim=none;\r\n DMARC = FAIL"], True),
        # Whoever adds a field of their own takes none away.
        ([f"{HOST}; dmarc=pass", f"{HOST}; dmarc=fail"], True),
        # A sender can have the server say so much that nobody takes it apart.
        ([f"{HOST}; {'dkim=none; ' * 1000}dmarc=fail"], True),
        ([f"elders.example; {'dkim=none; ' * 1000}dmarc=fail"], False),
        ([f"{HOST}; dmarc=pass header.from=x"], False),
        ([f"{HOST}; dmarc=none"], False),
        ([f"{HOST}; spf=fail smtp.mailfrom=x; dkim=fail; dmarc=pass"], False),
        (["elders.example; dmarc=fail"], False),
        ([f"elders.example; x={HOST}; dmarc=fail"], False),
        ([f"{HOST}.elders.example; dmarc=fail"], False),
        ([], False),
    ],
)
def test_only_our_own_mail_server_is_believed(fields: list[str], expected: bool) -> None:
    head = "\n".join(f"Authentication-Results: {each}" for each in fields) or "Subject: Re"
    message = opened(raw(head.replace("\r\n", "\n"), "Dank."))
    assert is_disowned(message, host=HOST) is expected
    assert not is_disowned(message, host="")
