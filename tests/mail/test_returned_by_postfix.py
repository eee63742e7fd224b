"""Mails that come back as they really do: a real Postfix tries, gives up, and puts its report into the Maildir (rule 34)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test.utils import override_settings

from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.faults.conftest import until
from tests.mail.conftest import Mailbox, free_port
from tests.mail.postfix import MailServer, running_postfix

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=1)


@pytest.fixture
def postfix(elsewhere: Mailbox) -> Iterator[MailServer]:
    """Postfix between the portal and a mail server elsewhere."""
    with (
        running_postfix(answers="antwoorden.example", to=free_port(), others=elsewhere.port) as server,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.port,
            BOUNCE_ADDRESS="bounces@postbus.example",
        ),
    ):
        yield server


def sent() -> OutgoingMail:
    mail = queued_mail()
    assert send_due_mails(now=lambda: LATER) == 1
    mail.refresh_from_db()
    return mail


def test_a_refused_mail_comes_back_with_its_reason_and_one_that_arrived_does_not(
    postfix: MailServer, elsewhere: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    arrived = sent()
    until(lambda: elsewhere.taken, what="the mail elsewhere")
    elsewhere.answer_to_recipient = "550 5.1.1 Deze bus is er niet"
    refused = sent()
    # Postfix took both: that one came back shows later.
    assert (arrived.status, refused.status) == (MailStatus.SENT, MailStatus.SENT)
    assert refused.answer.startswith("250 2.0.0 Ok: queued as ")
    until(lambda: any(postfix.returned.glob("new/*")), what="a report in the Maildir")
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        call_command("record_bounce", folder=str(postfix.returned))
        call_command("record_bounce", folder=str(postfix.returned))
    assert capsys.readouterr().out == "mails that came back: 1\nmails that came back: 0\n"
    for mail in (arrived, refused):
        mail.refresh_from_db()
    assert (arrived.status, refused.status) == (MailStatus.SENT, MailStatus.BOUNCED)
    assert refused.problem.startswith("5.1.1 smtp; 550 5.1.1 Deze bus is er niet")
