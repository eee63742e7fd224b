"""A mail that came back is not sent; nobody who guesses makes one come back (rule 34)."""

import io
import mailbox as mailboxes
import os
import sys
import tracemalloc
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError
from django.utils import translation
from pytest_django import Settings

from hubportal.audit.domain.collecting import every_violation
from hubportal.mail.domain.bouncing import COMES_BACK_WITHIN, record_bounce
from hubportal.mail.domain.returned import read_returned
from hubportal.mail.domain.sending import claim_next, send_due_mails
from hubportal.mail.enums import MailStatus, cause_in_words
from hubportal.mail.models import OutgoingMail
from tests.breaking import force
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.mail.conftest import Mailbox
from tests.mail.returned_messages import AWAY, DELAYED, TOKEN, report

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=1)
BACK = AT + timedelta(minutes=2)


def sent() -> OutgoingMail:
    mail = queued_mail()
    assert send_due_mails(now=lambda: LATER) == 1
    mail.refresh_from_db()
    return mail


def of(mail: OutgoingMail, data: bytes = b"") -> bytes:
    return (data or report()).replace(TOKEN.encode(), mail.return_token.encode())


def come_back(data: bytes, *, at=BACK) -> OutgoingMail | None:
    return record_bounce(returned=read_returned(data), at=at)


def state(mail: OutgoingMail) -> tuple:
    mail.refresh_from_db()
    return mail.status, mail.sent_at, mail.bounced_at


def test_a_mail_that_comes_back_is_so_with_its_day_and_reason_once() -> None:
    mail = sent()
    assert come_back(of(mail)) == mail
    assert state(mail) == (MailStatus.BOUNCED, LATER, BACK)
    assert mail.problem.startswith("5.1.1 smtp; 550 5.1.1")
    assert come_back(of(mail), at=BACK + timedelta(hours=1)) is None
    assert state(mail) == (MailStatus.BOUNCED, LATER, BACK)
    assert list(every_violation()) == []


@pytest.mark.parametrize("data", [DELAYED, AWAY])
def test_a_delay_or_an_answer_changes_nothing(data: bytes) -> None:
    mail = sent()
    assert come_back(of(mail, data)) is None
    assert state(mail) == (MailStatus.SENT, LATER, None)


def test_who_guesses_makes_nothing_come_back() -> None:
    """The number of a row, the address and everything else but the token can be known."""
    mail = sent()
    for guess in (f"{mail.pk:032x}", "0" * 32, mail.return_token[:-1] + "g", mail.return_token[:31]):
        assert come_back(report().replace(TOKEN.encode(), guess.encode())) is None
    assert state(mail) == (MailStatus.SENT, LATER, None)


def test_a_message_that_names_two_mails_is_of_neither() -> None:
    first, second = sent(), sent()
    both = of(first) + f"\nbounces+{second.return_token}@portaal.example".encode()
    assert come_back(both) is None
    assert (state(first)[0], state(second)[0]) == (MailStatus.SENT, MailStatus.SENT)


def test_a_token_of_somebody_else_beside_it_does_not_hide_it() -> None:
    mail = sent()
    assert come_back(of(mail) + f"\nlist+{'ab' * 16}@elders.example".encode()) == mail


def test_what_comes_back_weeks_later_says_nothing() -> None:
    mail = sent()
    assert come_back(of(mail), at=LATER + COMES_BACK_WITHIN) is None
    assert come_back(of(mail), at=LATER + COMES_BACK_WITHIN - timedelta(seconds=1)) == mail


def test_each_attempt_has_a_token_of_its_own() -> None:
    """A mail that is sent once more does not come back by what came of the first time."""
    mail = sent()
    before = of(mail)
    force(mail, status=MailStatus.QUEUED, sent_at=None)
    send_due_mails(now=lambda: LATER)
    mail.refresh_from_db()
    assert come_back(before) is None
    assert come_back(of(mail)) == mail


def test_it_can_come_back_before_its_worker_wrote_that_it_went(mailbox: Mailbox) -> None:
    mail = queued_mail()
    claimed = claim_next(at=LATER)
    assert come_back(of(claimed)) == mail
    send_due_mails(now=lambda: BACK + timedelta(days=1))
    assert state(mail) == (MailStatus.BOUNCED, None, BACK)
    assert mailbox.taken == []


def test_envelope_and_message_id_hold_the_token_and_readers_see_the_sender(
    mailbox: Mailbox, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@portaal.example"
    mail = sent()
    [message] = mailbox.taken
    assert mailbox.senders == [f"bounces+{mail.return_token}@portaal.example"]
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert (message["Message-ID"], message["Auto-Submitted"]) == (
        f"<outbox-{mail.return_token}@hubportaal>",
        "auto-generated",
    )
    assert len(mail.return_token) == 32


def test_without_a_mailbox_for_returned_mails_the_sender_is_in_the_envelope(mailbox: Mailbox) -> None:
    sent()
    assert mailbox.senders == ["noreply@hubportaal.example"]


def test_what_the_mail_server_said_when_it_took_the_mail_is_kept(mailbox: Mailbox) -> None:
    mailbox.takes_with = "250 2.0.0 Ok: queued as 4VT\x001"
    assert sent().answer == "250 2.0.0 Ok: queued as 4VT1"


class TestCommand:
    def piped(self, data: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        with time_machine.travel(BACK, tick=False):
            call_command("record_bounce")
        return capsys.readouterr().out

    def test_a_message_is_piped_to_it(self, monkeypatch, capsys) -> None:
        mail = sent()
        assert self.piped(of(mail), monkeypatch, capsys) == "mails that came back: 1\n"
        assert state(mail) == (MailStatus.BOUNCED, LATER, BACK)

    def test_it_ends_well_whatever_is_piped(self, monkeypatch, capsys) -> None:
        """Its failure would let the mail server return the returned message."""
        assert self.piped(b"\xff" * 3_000_000, monkeypatch, capsys) == "mails that came back: 0\n"

    def test_while_the_database_does_not_answer_the_mail_server_keeps_the_message(
        self, monkeypatch, capsys
    ) -> None:
        def silent(_data: bytes) -> None:
            raise OperationalError

        monkeypatch.setattr("hubportal.mail.management.commands.record_bounce.is_of_a_mail", silent)
        with pytest.raises(SystemExit) as ended:
            self.piped(report(), monkeypatch, capsys)
        assert ended.value.code == os.EX_TEMPFAIL == 75

    def test_it_reads_the_new_messages_of_a_folder_once(self, tmp_path: Path, capsys) -> None:
        mail = sent()
        folder = mailboxes.Maildir(tmp_path / "back")
        folder.add(of(mail))
        folder.add(b"To: iemand\n\nhallo")
        with time_machine.travel(BACK, tick=False):
            call_command("record_bounce", folder=str(tmp_path / "back"))
            call_command("record_bounce", folder=str(tmp_path / "back"))
        assert capsys.readouterr().out == "mails that came back: 1\nmails that came back: 0\n"
        assert {each.get_subdir() for each in mailboxes.Maildir(tmp_path / "back")} == {"cur"}

    def test_of_a_huge_message_in_a_folder_it_reads_no_more_than_of_another(
        self, tmp_path: Path, capsys
    ) -> None:
        folder = mailboxes.Maildir(tmp_path / "back")
        folder.add(of(sent()) + b"x" * 40_000_000)
        tracemalloc.start()
        with time_machine.travel(BACK, tick=False):
            call_command("record_bounce", folder=str(tmp_path / "back"))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert capsys.readouterr().out == "mails that came back: 1\n"
        assert most < 20_000_000

    def test_nothing_is_read_of_a_message_without_the_token_of_a_mail(self, monkeypatch, capsys) -> None:
        """A stranger can make one that takes seconds to read."""

        def read(_data: bytes) -> None:
            raise AssertionError

        monkeypatch.setattr("hubportal.mail.management.commands.record_bounce.read_returned", read)
        assert self.piped(report(), monkeypatch, capsys) == "mails that came back: 0\n"


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("5.1.1 smtp; 550 No such user", "Het adres bestaat niet, of krijgt geen e-mail meer."),
        ("5.2.2 smtp; 552 full", "De mailbox is vol."),
        ("5.2.1 disabled", "De mailbox neemt geen e-mail aan."),
        ("4.4.7 expired", "De mailserver van de ontvanger gaf niet op tijd antwoord."),
        ("5.7.1 policy", "De mailserver van de ontvanger weigert e-mail van ons."),
        ("5.9.9 x", ""),
        ("Remote host said: 550", ""),
    ],
)
def test_the_office_reads_why_in_plain_words(problem: str, words: str) -> None:
    with translation.override("nl"):
        assert cause_in_words(problem) == words
