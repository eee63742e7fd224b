"""Taking mails over from a mail server by LMTP (RFC 2033): one at a time per connection, and none is acknowledged before it is kept."""

import asyncio
import logging
import signal
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 20
# Mails that are read at once; others wait for their turn.
AT_ONCE = 4
# A file of the largest size as mails carry it, with the words around it.
MAX_MAIL_BYTES = settings.UPLOAD_LIMIT_BYTES * 3 // 2
# What one connection may send before it is told to come back: nothing that has no end is read on.
_MOST_BYTES_OF_ALL = 4 * MAX_MAIL_BYTES
_ALIVE_SECONDS = 15.0
_SECONDS = 120.0
_LONGEST_LINE = 400


class Answer(NamedTuple):
    """What the mail server is told of one mail: 250, a code from 400 to try again, from 500 to return it with these words."""

    code: int
    status: str
    words: str

    def __str__(self) -> str:
        # Mail servers show signs outside ASCII as question marks.
        plain = unicodedata.normalize("NFKD", self.words).encode("ascii", "ignore").decode()
        lines = _wrapped(" ".join(plain.split()))
        ends = ["-"] * (len(lines) - 1) + [" "]
        return "\r\n".join(
            f"{self.code}{end}{self.status} {line}" for end, line in zip(ends, lines, strict=True)
        )


TAKEN = Answer(250, "2.0.0", "Ok")
LATER = Answer(451, "4.3.0", "Try again later")
Receive = Callable[[bytes, str, str], Answer]


class _Door:
    """What is answered to the commands of a mail server (the hooks of aiosmtpd)."""

    def __init__(self, receive: Receive, domain: str, pool: ThreadPoolExecutor) -> None:
        self.receive, self.domain, self.pool = receive, domain, pool

    async def handle_RCPT(  # noqa: N802 -- as aiosmtpd calls it
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take one recipient per mail: the answer to the mail is theirs."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        if address.rpartition("@")[2].lower() != self.domain:
            return "550 5.1.2 No answers are taken for this domain"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer once the mail is kept, or not at all."""
        sender, [recipient] = str(envelope.mail_from), envelope.rcpt_tos
        content = envelope.original_content or b""
        running = asyncio.get_running_loop().run_in_executor(
            self.pool, self.receive, content, sender, recipient
        )
        return str(await running)

    async def handle_exception(self, error: Exception) -> str:
        """Ask to try again, whatever happened."""
        logger.error("lmtp: a mail was not taken", exc_info=error)
        return str(LATER)


class _Connection(LMTP):
    """One connection, bounded in bytes; its refusals are read by people, so they are Dutch."""

    def __init__(self, door: _Door, open_ones: set["_Connection"], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            door,
            data_size_limit=MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            hostname=door.domain,
            ident="LMTP",
            timeout=_SECONDS,
            # Who may connect is the network's to say: nobody logs in here.
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=loop,
        )
        self.open_ones, self.received = open_ones, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, if there are not too many."""
        super().connection_made(transport)
        self.open_ones.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Make room for another."""
        self.open_ones.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Hang up on what has no end, such as one line of gigabytes."""
        self.received += len(data)
        if self.received > _MOST_BYTES_OF_ALL and self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]
            return
        super().data_received(data)

    async def push(self, status: Any) -> None:
        """Say it; what returns to the sender in words of ours."""
        if isinstance(status, str) and status.startswith(("552 ", "500 Line too long")):
            status = str(Answer(552, "5.3.4", too_large()))
        await super().push(status)


class _Full(asyncio.Protocol):
    """A connection too many: told to come back."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(b"421 4.3.2 Too many connections, try again later\r\n")  # type: ignore[attr-defined]
        transport.close()


def too_large() -> str:
    """Return what the sender of a mail reads that is too large."""
    megabytes = settings.UPLOAD_LIMIT_BYTES // 1024**2
    return _("Your e-mail is too large. A file can be at most %(limit)d MB.") % {"limit": megabytes}


def serve(receive: Receive, *, host: str, port: int, domain: str, alive: Callable[[], None]) -> None:
    """Take mails until the process is told to end; what is being read is finished first.

    ``receive`` gets a mail, its envelope sender and its recipient in a thread of its own, and answers once it is kept;
    ``alive`` is called each quarter of a minute.
    """

    async def until_told() -> None:
        ending = asyncio.Event()
        for asked in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(asked, ending.set)
        await listen(receive, host=host, port=port, domain=domain, alive=alive, ending=ending)

    asyncio.run(until_told())


async def listen(
    receive: Receive, *, host: str, port: int, domain: str, alive: Callable[[], None], ending: asyncio.Event
) -> None:
    """Take mails until ``ending`` is set."""
    loop = asyncio.get_running_loop()
    open_ones: set[_Connection] = set()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="lmtp") as pool:
        door = _Door(receive, domain, pool)

        def connected() -> asyncio.BaseProtocol:
            return _Connection(door, open_ones, loop) if len(open_ones) < MOST_CONNECTIONS else _Full()

        server = await loop.create_server(connected, host, port)
        logger.info("lmtp: taking mails for %s at %s:%d", domain, host, port)
        while not ending.is_set():
            await loop.run_in_executor(None, alive)
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _ALIVE_SECONDS)
        server.close()
        for each in list(open_ones):
            if each.transport is not None:
                each.transport.close()


def _wrapped(words: str) -> list[str]:
    lines = [""]
    for word in words.split(" "):
        if len(lines[-1]) + len(word) >= _LONGEST_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word[:_LONGEST_LINE]}".strip()
    return lines
