"""A real mail server on a port of its own, whose behaviour a test chooses."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test.utils import override_settings


class Mailbox:
    """Stores received mails; answers and disconnects as configured."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.senders: list[str] = []
        self.takes_with = "250 OK"
        self.answer_to_recipient = ""
        self.answer_to_content = ""
        self.breaks_off_after_content = False
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer_to_content:
            return self.answer_to_content
        self.senders.append(envelope.mail_from)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if self.breaks_off_after_content:
            server.transport.abort()
        return self.takes_with


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def elsewhere() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    box.port = server.port
    yield box
    server.stop()


@pytest.fixture
def mailbox(elsewhere: Mailbox) -> Iterator[Mailbox]:
    """A mail server that takes everything, and the portal set up to use it."""
    # The test runner replaces the backend by one that keeps mails in memory; here they travel.
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=elsewhere.port,
        EMAIL_TIMEOUT=5,
    ):
        yield elsewhere
