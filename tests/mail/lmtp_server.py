"""The portal's own LMTP server in a thread, with what it hands mails to chosen by a test."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hubportal.mail.management import lmtp
from tests.mail.conftest import free_port

DOMAIN = "antwoorden.example"
RECIPIENT = f"antwoord+abc@{DOMAIN}"
SENDER = "noor@voorbeeld.example"


@contextmanager
def listening(receive: lmtp.Receive) -> Iterator[int]:
    """Run the server, and give its port."""
    port, began = free_port(), threading.Event()
    told: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        ending = asyncio.Event()
        told.append((asyncio.get_running_loop(), ending))
        await lmtp.listen(receive, host="127.0.0.1", port=port, domain=DOMAIN, alive=began.set, ending=ending)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert began.wait(10)
    try:
        yield port
    finally:
        [(loop, ending)] = told
        loop.call_soon_threadsafe(ending.set)
        thread.join(20)
    assert not thread.is_alive()


def connected(port: int) -> socket.socket:
    """Connect, and read the greeting."""
    link = socket.create_connection(("127.0.0.1", port), timeout=30)
    assert link.recv(100).startswith(b"220 ")
    return link


def handed_over(
    port: int, data: bytes, *, sender: str = SENDER, recipient: str = RECIPIENT
) -> tuple[int, str]:
    """Hand a mail over as a mail server does, and return the answer to it."""
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server:
        try:
            refused = server.sendmail(sender, [recipient], data)
        except smtplib.SMTPRecipientsRefused as refusal:
            refused = refusal.recipients
        except smtplib.SMTPResponseException as refusal:
            return refusal.smtp_code, refusal.smtp_error.decode()
    return (refused[recipient][0], refused[recipient][1].decode()) if refused else (250, "")


def say(link: socket.socket, words: bytes) -> bytes:
    """Send a line of the protocol, and return the answer, whose last line has a space behind its code."""
    link.sendall(words)
    heard = b""
    while not (heard.endswith(b"\r\n") and heard.splitlines()[-1][3:4] == b" "):
        more = link.recv(4096)
        if not more:
            break
        heard += more
    return heard
