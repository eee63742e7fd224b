"""Take answers by mail over from the mail server."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from correspondence.management.receiving import receive
from hubportal.deadline import end_long_transactions
from hubportal.health.probes import receiver_beat
from hubportal.kernel import clock
from hubportal.mail.management.lmtp import Answer, serve


class Command(BaseCommand):
    """Listen for a mail server until the process is told to end."""

    help = "Take answers by mail over from the mail server, by LMTP; HUBPORTAL_ANSWERS_ADDRESS names where they go."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to listen."""
        parser.add_argument(
            "--listen",
            default=settings.ANSWERS_BY_MAIL_LISTENS,
            help="host:port; another host than this one only within a network of your own",
        )

    def handle(self, *args: Any, listen: str, **options: Any) -> None:
        """Serve."""
        domain = settings.ANSWERS_BY_MAIL_ADDRESS.rpartition("@")[2]
        host, _colon, port = listen.rpartition(":")
        if not domain or not host or not port.isdecimal():
            raise CommandError("HUBPORTAL_ANSWERS_ADDRESS names no address, or --listen is not host:port")
        # A mail that waits for a lock of somebody else comes again, and leaves the connection to others.
        end_long_transactions()
        serve(_receive, host=host.strip("[]"), port=int(port), domain=domain.lower(), alive=_beat)


def _receive(data: bytes, envelope_sender: str, recipient: str) -> Answer:
    # A thread lives on between two mails, and its connection may have died meanwhile.
    close_old_connections()
    try:
        return receive(data, envelope_sender, recipient, at=clock.now())
    finally:
        close_old_connections()


def _beat() -> None:
    # Real time on purpose, as whoever watches lives in.
    receiver_beat(at=clock.of_this_machine())
