"""Scanning for viruses by ClamAV, where one is set up: its own protocol, over a socket (rule 24, decision record 0051)."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

from hubportal.documents.enums import ScanState

logger = logging.getLogger(__name__)

# Of a whole conversation, not of each step of it; who uploads holds a thread of the web server meanwhile.
MAX_SECONDS = 10.0
MAX_SECONDS_TO_GREET = 2.0
_MOST_SENT_AT_ONCE = 64 * 1024
_MOST_ANSWERED = 4096
# How long a scanner that did not answer is left alone by uploads; a sweep asks it again.
_PAUSE_SECONDS = 30
_AWAY = "scanner-away"


class ScannerAway(Exception):  # noqa: N818 -- it names what happened
    """The scanner did not answer, or said that it could not scan."""


class TooLargeForScanner(ScannerAway):
    """The scanner takes less than the portal does: its ``StreamMaxLength`` is too low."""


class Scan(NamedTuple):
    """What is known of a file, and the name of the virus in it."""

    state: ScanState = ScanState.UNCHECKED
    virus: str = ""


def is_set_up() -> bool:
    """Tell whether there is a scanner."""
    return bool(settings.CLAMAV)


def is_withheld(state: str) -> bool:
    """Tell whether nobody gets to see a file: it holds a virus, or there is a scanner and it has not been scanned."""
    return state == ScanState.INFECTED or (state == ScanState.UNCHECKED and is_set_up())


def scanned(data: bytes) -> Scan:
    """Scan what somebody uploads; unchecked where no scanner is set up or it does not answer, which a sweep then tries again.

    Takes up to ``MAX_SECONDS``: hold no lock meanwhile.
    """
    if not is_set_up() or cache.get(_AWAY):
        return Scan()
    try:
        return scan(data)
    except ScannerAway as problem:
        logger.warning("a file could not be scanned: %s", problem)
        cache.set(_AWAY, True, _PAUSE_SECONDS)
        return Scan()


def scan(data: bytes) -> Scan:
    """Return whether a file is clean or infected. Raises ``ScannerAway`` and ``TooLargeForScanner``."""
    answer = _asked("INSTREAM", data, seconds=MAX_SECONDS).removeprefix("stream: ")
    if answer == "OK":
        return Scan(ScanState.CLEAN)
    virus, is_found, _end = answer.rpartition(" FOUND")
    if is_found:
        return Scan(ScanState.INFECTED, virus[:100])
    if "size limit exceeded" in answer:
        raise TooLargeForScanner(answer)
    raise ScannerAway(answer)


def answers() -> bool:
    """Tell whether the scanner answers."""
    try:
        return _asked("PING", seconds=MAX_SECONDS_TO_GREET) == "PONG"
    except ScannerAway as problem:
        logger.warning("the scanner is away: %s", problem)
        return False


def version() -> str:
    """Return what the scanner says it is, with the day of what it knows. Raises ``ScannerAway``."""
    return _asked("VERSION", seconds=MAX_SECONDS_TO_GREET)


def _asked(command: str, data: bytes | None = None, *, seconds: float) -> str:
    """Return what clamd answers to a command of its protocol, see ``man clamd``."""
    ends = time.monotonic() + seconds
    try:
        with _connected(ends) as link:
            # It may say no and hang up before all of a file was sent; what it said is read all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                for part in _parts(command, data):
                    link.settimeout(_left(ends))
                    link.sendall(part)
            return _answer(link, ends)
    except OSError as problem:
        raise ScannerAway(f"{type(problem).__name__}: {problem}") from problem


def _parts(command: str, data: bytes | None) -> Iterator[bytes]:
    yield f"z{command}\0".encode()
    if data is not None:
        for begins in range(0, len(data), _MOST_SENT_AT_ONCE):
            part = data[begins : begins + _MOST_SENT_AT_ONCE]
            yield len(part).to_bytes(4, "big") + part
        yield bytes(4)


def _connected(ends: float) -> socket.socket:
    """Connect to a path, or to ``host:port``."""
    address = settings.CLAMAV
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(ends))
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(_left(ends))
        link.connect(address)
    except BaseException:
        link.close()
        raise
    return link


def _answer(link: socket.socket, ends: float) -> str:
    said = b""
    while b"\0" not in said and len(said) < _MOST_ANSWERED:
        link.settimeout(_left(ends))
        more = link.recv(_MOST_ANSWERED)
        if not more:
            break
        said += more
    if b"\0" not in said:
        raise ScannerAway("it hung up before it answered")
    return said.partition(b"\0")[0].decode(errors="replace")


def _left(ends: float) -> float:
    """Return how many seconds are left. Raises ``TimeoutError``."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time is left")
    return left
