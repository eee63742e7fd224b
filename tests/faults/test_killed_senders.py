"""A worker killed between claim and confirmation of a mail (rule 25)."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hubportal.mail.domain.outbox import queue_mail
from hubportal.mail.domain.sending import mark_abandoned_as_uncertain
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import CLAIM_LASTS
from tests.faults.conftest import Portal, until

pytestmark = pytest.mark.django_db(transaction=True)


class SilentServer(socketserver.ThreadingTCPServer):
    """A mail server that takes the whole mail and then never answers."""

    allow_reuse_address = True
    daemon_threads = True
    taken = 0
    may_leave = threading.Event()


class SilentHandler(socketserver.StreamRequestHandler):
    """Speaks SMTP until the mail is in, and falls silent."""

    def handle(self) -> None:
        self.wfile.write(b"220 silent\r\n")
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                SilentServer.taken += 1
                SilentServer.may_leave.wait(60)
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def silent_server() -> Iterator[int]:
    SilentServer.taken = 0
    SilentServer.may_leave.clear()
    with SilentServer(("127.0.0.1", 0), SilentHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        SilentServer.may_leave.set()
        server.shutdown()
        thread.join()


def test_a_mail_whose_sender_was_killed_is_uncertain_and_not_sent_again(
    portal: Portal, silent_server: int
) -> None:
    mail = queue_mail(
        kind="proef",
        recipient="iemand@voorbeeld.example",
        subject="Proef",
        body="Proef\n",
        at=datetime.now(UTC),
    )
    portal.processes.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{silent_server}"
    portal.start_beat()
    portal.start_worker()
    until(lambda: SilentServer.taken == 1, what="the mail at the server")
    portal.kill_worker()
    mail.refresh_from_db()
    assert mail.status == MailStatus.CLAIMED

    mark_abandoned_as_uncertain(at=datetime.now(UTC))
    mail.refresh_from_db()
    assert mail.status == MailStatus.CLAIMED, "a claim is not given up before its time"
    mark_abandoned_as_uncertain(at=datetime.now(UTC) + CLAIM_LASTS + timedelta(seconds=1))

    portal.start_worker()
    other = queue_mail(
        kind="proef",
        recipient="ander@voorbeeld.example",
        subject="Tweede",
        body="Tweede\n",
        at=datetime.now(UTC),
    )
    until(lambda: SilentServer.taken == 2, what="the other mail at the server")
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (MailStatus.UNCERTAIN, 1)
    assert OutgoingMail.objects.get(pk=other.pk).status == MailStatus.CLAIMED
