"""Reading a mail that somebody sent: who says to have written it, its words and its files.

Anybody can send one, so everything is bounded before it is read: fields, parts, depth, and the sets of signs that are decoded.
"""

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled, visible

MAX_HEADER_BYTES, MAX_FIELDS = 128 * 1024, 1000
MAX_BOUNDARIES, MAX_BOUNDARY_LINES = 100, 2000
# The parser holds each line against every boundary that is open: lines times parts that have parts.
MAX_MULTIPARTS, MAX_LINES_HELD = 20, 2_000_000
MAX_PARTS, MAX_DEPTH, MAX_FILES = 100, 10, 20
# Of one field that is taken apart: the cost grows with the square of its length.
LONGEST_FIELD = 4000
# Of the words of a mail in all its parts, with all that it quotes.
_LONGEST_TEXT = 400_000
_LONGEST_NAME = 150
# Every other set costs time by its length, is no text, or is none that a mail program writes.
_SETS = frozenset(
    {"utf-8", "ascii", "cp1252", "utf-16", "utf-16-be", "utf-16-le", "gb18030", "gbk", "gb2312", "big5"}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {f"cp125{number}" for number in range(9)}
    | {"koi8-r", "koi8-u", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr", "tis-620", "mac-roman"}
)
_FROM = re.compile(
    r'\s*(?:(?:"(?:[^"\\]|\\.)*"|[^"<>@,;:]*)\s*<(?P<inside>[^<>\s\x00-\x1f\x7f@"(),:;\\]+@[^<>\s\x00-\x1f\x7f@"(),:;\\]+)>'
    r'|(?P<bare>[^<>\s\x00-\x1f\x7f@"(),:;\\]+@[^<>\s\x00-\x1f\x7f@"(),:;\\]+))\s*'
)
# A signature by a program, or a picture that belongs to the words: nobody meant to send these as a file.
_NO_FILES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


class NeverTaken(RuleViolation):
    """A mail that can be taken at no time; the sentence is for who sent it."""


class NamedFile(NamedTuple):
    """A file that came with a mail: its name and its content."""

    name: str
    content: bytes


class Received(NamedTuple):
    """A mail: its number by its own program, the one address of who says to have written it, its words, and what came along.

    ``pictures`` are the names of those that stood among the words; their content is not kept.
    """

    message_id: str
    sender: str
    text: str
    files: tuple[NamedFile, ...] = ()
    pictures: tuple[str, ...] = ()


class _Bounded(Message):
    """A part of a mail whose fields are read up to a length; what is longer reads as if it were not there."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def get(self, name: str, failobj: Any = None) -> Any:
        found = super().get(name, failobj)
        return failobj if isinstance(found, str) and len(found) > LONGEST_FIELD else found


def opened(data: bytes) -> Message:
    """Take a mail apart. Raises ``NeverTaken`` for one that was made to cost time, or that cannot be read."""
    ends = _END_OF_HEAD.search(data, 0, MAX_HEADER_BYTES)
    head = data[: ends.start() if ends else MAX_HEADER_BYTES + 1]
    if (
        len(head) > MAX_HEADER_BYTES
        or len(re.findall(rb"^[^\s:]+:", head, re.MULTILINE)) > MAX_FIELDS
        or len(re.findall(rb"boundary", data, re.IGNORECASE)) > MAX_BOUNDARIES
        or data.count(b"\n--") > MAX_BOUNDARY_LINES
        or _costs_too_much(data)
    ):
        raise too_complex()
    try:
        message = message_from_bytes(data, _class=_Bounded)
        list(_parts(message))
    except NeverTaken:
        raise
    except Exception as odd:  # the parser fails in many ways on what was made to fail
        raise too_complex() from odd
    return message


def _costs_too_much(data: bytes) -> bool:
    multiparts = len(re.findall(rb"multipart/", data, re.IGNORECASE))
    lines = data.count(b"\n") + data.count(b"\r")
    return multiparts > MAX_MULTIPARTS or lines * (multiparts + 1) > MAX_LINES_HELD


def read_received(
    data: bytes, message: Message, *, texts_of_html: Callable[[list[str]], list[str]]
) -> Received:
    """Read what a mail says; ``texts_of_html`` reads HTML, elsewhere. Raises ``NeverTaken`` for what cannot be read, and what that raises."""
    try:
        read = _read(data, message)
    except NeverTaken:
        raise
    except Exception as odd:
        raise too_complex() from odd
    if not read.marked_up:
        return read.mail
    text = visible("\n".join(texts_of_html(read.marked_up)).replace("\r\n", "\n"))
    return read.mail._replace(text=text)


def fields_of(message: Message, name: str) -> list[str]:
    """Return what the fields with a name say, on one line each; one that is too long says nothing."""
    return [each for each in whole_fields_of(message, name) if len(each) <= LONGEST_FIELD]


def whole_fields_of(message: Message, name: str) -> list[str]:
    """Return what the fields with a name say, on one line each, however long."""
    return [" ".join(str(each).split()) for each in message.get_all(name, [])]


def sender_of(message: Message) -> str:
    """Return the one address that a mail says to be from; nothing where there are more, or programs could differ over which."""
    said = whole_fields_of(message, "From")
    # On one line: the cost of looking grows with the square of a row of spaces.
    found = _FROM.fullmatch(said[0]) if len(said) == 1 and len(said[0]) <= LONGEST_FIELD else None
    return (found["inside"] or found["bare"]) if found else ""


class _Read(NamedTuple):
    """A mail, and its HTML where it says nothing without."""

    mail: Received
    marked_up: list[str]


def _read(data: bytes, message: Message) -> _Read:
    plain: list[str] = []
    marked_up: list[str] = []
    files: list[NamedFile] = []
    pictures: list[str] = []
    left = _LONGEST_TEXT
    for part, is_related in _parts(message):
        kind = part.get_content_type()
        if kind.startswith("multipart/") or kind in _NO_FILES:
            continue
        name = _name_of(part)
        if kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment":
            content = _content_of(part)[:left]
            left -= len(content)
            words = decoded(content, part.get_content_charset() or "")
            (plain if kind == "text/plain" else marked_up).append(words)
        elif kind.startswith("image/") and (is_related or part.get_content_disposition() == "inline"):
            pictures.append(name)
        elif len(files) >= MAX_FILES:
            raise too_complex()
        else:
            files.append(NamedFile(name, _content_of(part)))
    text = "\n".join(plain)
    mail = Received(
        _number_of(data, message),
        sender_of(message),
        visible(text.replace("\r\n", "\n")),
        tuple(files),
        tuple(pictures),
    )
    return _Read(mail, [] if is_filled(text) else marked_up)


def _parts(message: Message) -> Iterator[tuple[Message, bool]]:
    """Yield the parts, each with whether it belongs to the words beside it; not those of a mail that is enclosed."""
    waiting, seen = [(message, False, 0)], 0
    while waiting:
        part, is_related, depth = waiting.pop(0)
        seen += 1
        if seen > MAX_PARTS or depth > MAX_DEPTH:
            raise too_complex()
        yield part, is_related
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            related = is_related or part.get_content_subtype() == "related"
            inside = [each for each in part.get_payload() if isinstance(each, Message)]
            waiting[:0] = [(each, related, depth + 1) for each in inside]


def _number_of(data: bytes, message: Message) -> str:
    """Return the number that its program gave to a mail; without one, what no other mail has."""
    numbers = fields_of(message, "Message-ID")
    return numbers[0] if numbers and is_filled(numbers[0]) else hashlib.sha256(data).hexdigest()


def decoded(content: bytes, charset: str) -> str:
    """Return bytes as text: in the set they name, if it is one that mail programs write; else in the likeliest."""
    try:
        name = codecs.lookup(charset[:40]).name if charset else "utf-8"
    except (LookupError, ValueError):
        name = "utf-8"
    try:
        return content.decode(name if name in _SETS else "utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252" if name == "utf-8" else name if name in _SETS else "cp1252", "replace")


def _content_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    # An enclosed mail has no content of its own; that it was there is known by its name.
    return content if isinstance(content, bytes) else b""


def _name_of(part: Message) -> str:
    """Return the name of a file as it is shown."""
    given = part.get_filename() or ""
    words = "".join(
        decoded(each, charset or "") if isinstance(each, bytes) else each
        for each, charset in decode_header(given)
    )
    name = " ".join(visible(words.replace("/", " ").replace("\\", " ")).split())
    return name[:_LONGEST_NAME] or str(_("file without a name"))


def too_complex() -> NeverTaken:
    """Return the refusal of a mail that was made to cost too much, or that cannot be read."""
    return NeverTaken(
        _("Your e-mail is built in a way that we cannot read. Write it anew as an ordinary e-mail.")
    )
