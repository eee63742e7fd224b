"""Reading a message that a mail server returned: which mail, whether it failed for good, and why (RFC 3464).

Anybody can send one: it is read up to a limit, and names a mail only by the token of that very mail.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from flufl.bounce import all_failures

from hubportal.kernel.text import visible

# Reports stand before the mail they return, which may be large: what is behind this is left unread.
MAX_BYTES = 256 * 1024
# No report has more; a message made to cost time may.
_MAX_PARTS = 50
_MAX_TOKENS = 20
# As long as a line of a mail may be (RFC 5322, 2.1.1): looking for an address costs the square of a line's length.
_LONGEST_LINE = 998
_rest_of_line = re.compile(rb"(?<=[^\r\n]{%d})[^\r\n]+" % _LONGEST_LINE)
_token = re.compile(rb"(?:outbox-|\+)([0-9a-f]{32})@", re.IGNORECASE)
_status = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_DAEMONS = {"mailer-daemon", "postmaster", "mail-daemon", "mdaemon"}
_ANSWERS = ("x-autoreply", "x-autorespond", "in-reply-to")


class Verdict(StrEnum):
    """What a returned message says of a mail."""

    NO_BOUNCE = "no bounce"
    DELAYED = "delayed"
    FAILED = "failed"


class Returned(NamedTuple):
    """A returned message: its verdict, the tokens in it, and the reason in the words of the mail server."""

    verdict: Verdict
    tokens: tuple[str, ...] = ()
    reason: str = ""


def read_returned(data: bytes) -> Returned:
    """Read a returned message, whatever it is; of what cannot be read it says that it is no bounce."""
    tokens = tokens_in(data)
    if not tokens:
        return Returned(Verdict.NO_BOUNCE)
    try:
        verdict, reason = _judged(message_from_bytes(_rest_of_line.sub(b"", data[:MAX_BYTES])))
    except Exception:  # noqa: BLE001 -- parsers of mail fail in many ways on what was made to fail
        return Returned(Verdict.NO_BOUNCE)
    return Returned(verdict, tokens, reason)


def tokens_in(data: bytes) -> tuple[str, ...]:
    """Return what has the form of a token in a message; nothing where that is more than a report holds."""
    tokens = sorted({each.decode().lower() for each in _token.findall(data[:MAX_BYTES])})
    return tuple(tokens) if len(tokens) <= _MAX_TOKENS else ()


def _judged(message: Message) -> tuple[Verdict, str]:
    reports = [each for each in _parts(message) if each.get_content_type() == "message/delivery-status"]
    if reports:
        return _reported(reports)
    if message.get_content_type() == "multipart/report" or not _is_from_a_mail_server(message):
        # A notice of reading, a complaint of spam, an answer of who is away, a person.
        return Verdict.NO_BOUNCE, ""
    if any(each.get_content_type() == "message/delivery-status" for each in message.walk()):
        # Of a mail that somebody enclosed.
        return Verdict.NO_BOUNCE, ""
    delayed, failed = all_failures(message)
    if failed:
        return Verdict.FAILED, _words_of(message)
    return (Verdict.DELAYED if delayed else Verdict.NO_BOUNCE), ""


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts, a bounded number, without those of a mail that is enclosed."""
    waiting, seen = [message], 0
    while waiting and seen < _MAX_PARTS:
        part, seen = waiting.pop(0), seen + 1
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(each for each in part.get_payload() if isinstance(each, Message))


def _reported(reports: list[Message]) -> tuple[Verdict, str]:
    """Return what reports of delivery say; a failure counts before a delay."""
    is_delayed = False
    for report in reports:
        blocks = report.get_payload() if report.is_multipart() else []
        for block in islice(blocks, _MAX_PARTS):
            if not isinstance(block, Message):
                continue
            action = _header(block, "Action").lower()
            if action.startswith(("fail", "error")):
                said = f"{_header(block, 'Status')} {_header(block, 'Diagnostic-Code')}"
                return Verdict.FAILED, _one_line(said)
            is_delayed = is_delayed or action.startswith("delayed")
    return (Verdict.DELAYED if is_delayed else Verdict.NO_BOUNCE), ""


def _is_from_a_mail_server(message: Message) -> bool:
    """Tell whether a mail server wrote it, by an envelope without sender or by its name, and no answering machine."""
    if any(message[each] is not None for each in _ANSWERS):
        return False
    if _header(message, "Precedence").lower() == "auto_reply":
        return False
    sender = parseaddr(_header(message, "From"))[1].rpartition("@")[0].lower()
    return _header(message, "Return-Path") == "<>" or sender in _DAEMONS


def _words_of(message: Message) -> str:
    """Return the line of a report without a standard that holds a status, or its subject."""
    for part in _parts(message):
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            text = content[:20_000].decode("utf-8", "replace") if isinstance(content, bytes) else ""
            for line in text.splitlines():
                if _status.search(line):
                    return _one_line(line)
    return _one_line(_header(message, "Subject"))


def _header(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()


def _one_line(text: str) -> str:
    return visible(" ".join(text[:2000].split()))[:300]
