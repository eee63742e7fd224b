"""A mail is claimed before it is sent, and never resent automatically (rule 25)."""

from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail.backends.smtp import EmailBackend
from django.test.utils import override_settings
from pytest_django import Settings

from hubportal.mail.domain.outbox import AttachedFile
from hubportal.mail.domain.sending import (
    MAX_ATTEMPTS,
    claim_next,
    mark_abandoned_as_uncertain,
    send_due_mails,
)
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import due_mails
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.mail.conftest import Mailbox, free_port
from tests.racing import held_open, race

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=1)


def sweep(at=LATER) -> int:
    return send_due_mails(now=lambda: at)


def test_a_mail_that_is_due_is_sent_once(mailbox: Mailbox) -> None:
    mail = queued_mail()
    assert (sweep(), sweep()) == (1, 0)
    mail.refresh_from_db()
    assert (mail.status, mail.sent_at, mail.claimed_at, mail.attempts) == (MailStatus.SENT, LATER, LATER, 1)
    [message] = mailbox.taken
    assert (message["To"], message["Subject"]) == (mail.recipient, mail.subject)
    assert message["Message-ID"] == f"<outbox-{mail.return_token}@hubportaal>"
    assert message["Content-Language"] == "nl"
    assert message.get_content().replace("\r\n", "\n") == mail.body


def test_the_attached_file_goes_with_the_mail(mailbox: Mailbox) -> None:
    key = default_storage.save("letters/brief.pdf", ContentFile(b"%PDF-1.7 brief"))
    queued_mail(attachments=[AttachedFile(key, "besluit.pdf")])
    assert sweep() == 1
    [part] = list(mailbox.taken[0].iter_attachments())
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
        "besluit.pdf",
        "application/pdf",
        b"%PDF-1.7 brief",
    )


def test_a_mail_goes_to_the_domain_by_which_mailboxes_are_compared(mailbox: Mailbox) -> None:
    """Rule 28: Django by itself would write to strasse.example, which is somebody else's."""
    queued_mail(recipient="jan@straße.example")
    assert sweep() == 1
    assert mailbox.taken[0]["To"] == "jan@xn--strae-oqa.example"


def test_what_looks_like_an_encoded_word_in_a_subject_stays_as_it_was_typed(mailbox: Mailbox) -> None:
    """RFC 2047: a mail program would read other words than those that were checked (rule 33)."""
    typed = "Ingediend: =?utf-8?q?Ga_naar_spam=2Eexample?= BV"
    queued_mail(subject=typed)
    assert sweep() == 1
    shown = str(make_header(decode_header(str(mailbox.taken[0]["Subject"]))))
    assert shown.strip().replace("\u2060", "") == typed


def test_a_mail_to_a_domain_that_nobody_can_be_asked_for_fails_at_once(mailbox: Mailbox) -> None:
    mail = queued_mail(recipient="jan@de\u1806mo.example")
    assert (sweep(), mailbox.taken) == (0, [])
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (MailStatus.FAILED, 1)


def test_who_waits_at_a_page_is_mailed_first_then_letters_then_the_rest() -> None:
    """Reminders to thousands would hold a code up until it works no more."""
    rest = [queued_mail(kind="follow_news") for _each in range(3)]
    letter = queued_mail(kind="decision", send_before=AT + timedelta(days=1))
    code = queued_mail(kind="login_code")
    waiting = [code, letter, *rest]
    assert list(due_mails(at=AT)) == waiting
    assert [claim_next(at=AT) for _each in waiting] == waiting


def test_a_mail_that_is_not_due_yet_waits(mailbox: Mailbox) -> None:
    queued_mail(at=LATER + timedelta(seconds=1))
    assert (sweep(), mailbox.taken) == (0, [])


def test_the_oldest_mail_goes_first(mailbox: Mailbox) -> None:
    queued_mail(subject="tweede", at=AT + timedelta(seconds=2))
    queued_mail(subject="eerste", at=AT)
    assert sweep() == 2
    assert [each["Subject"] for each in mailbox.taken] == ["eerste", "tweede"]


def test_an_unknown_mailbox_fails_at_once_and_is_for_the_office(mailbox: Mailbox) -> None:
    mailbox.answer_to_recipient = "550 No such user"
    mail = queued_mail()
    assert (sweep(), sweep(LATER + timedelta(days=1))) == (0, 0)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.sent_at) == (MailStatus.FAILED, 1, None)
    assert "550" in mail.problem


def test_a_mailbox_that_asks_to_come_back_later_is_tried_later(mailbox: Mailbox) -> None:
    mailbox.answer_to_recipient = "450 Greylisted"
    mail = queued_mail()
    assert sweep() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.due_at) == (MailStatus.QUEUED, LATER + timedelta(minutes=2))
    mailbox.answer_to_recipient = ""
    assert sweep(mail.due_at) == 1


def test_one_mail_that_fails_does_not_keep_others_back(mailbox: Mailbox) -> None:
    mailbox.answer_to_content = "451 Not now"
    bad = queued_mail()
    sweep()
    mailbox.answer_to_content = ""
    good = queued_mail(recipient="ander@voorbeeld.example", at=LATER)
    assert sweep(LATER) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == (MailStatus.QUEUED, MailStatus.SENT)


def test_a_mail_server_that_does_not_answer_is_asked_once_a_sweep_and_costs_no_mail_an_attempt(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [queued_mail() for _each in range(3)]
    opened: list[int] = []
    really_open = EmailBackend.open

    def count(backend: EmailBackend) -> bool | None:
        opened.append(1)
        return really_open(backend)

    monkeypatch.setattr(EmailBackend, "open", count)
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=free_port(),
    ):
        for hour in range(2 * MAX_ATTEMPTS):
            assert sweep(LATER + timedelta(hours=hour)) == 0
    assert len(opened) == 2 * MAX_ATTEMPTS
    for mail in mails:
        mail.refresh_from_db()
        assert (mail.status, mail.attempts) == (MailStatus.QUEUED, 0)
    assert "ConnectionRefusedError" in mails[0].problem
    assert sweep(LATER + timedelta(days=1)) == 3


def test_a_mail_that_keeps_being_refused_waits_longer_each_time_and_then_fails(mailbox: Mailbox) -> None:
    mailbox.answer_to_recipient = "450 Greylisted"
    mail = queued_mail()
    waits, at = [], LATER
    for _attempt in range(MAX_ATTEMPTS):
        assert sweep(at) == 0
        mail.refresh_from_db()
        waits.append(int((mail.due_at - at).total_seconds() // 60))
        at = mail.due_at
    assert sweep(at + timedelta(days=1)) == 0
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256]
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (MailStatus.FAILED, MAX_ATTEMPTS)


def test_a_mail_server_that_cannot_be_found_is_no_uncertain_mail() -> None:
    mail = queued_mail()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="nergens.invalid",
        EMAIL_PORT=25,
    ):
        sweep()
    mail.refresh_from_db()
    assert mail.status == MailStatus.QUEUED


def test_a_connection_lost_after_the_content_leaves_the_mail_uncertain(mailbox: Mailbox) -> None:
    mailbox.breaks_off_after_content = True
    mail = queued_mail()
    assert sweep() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.sent_at) == (MailStatus.UNCERTAIN, None)
    mailbox.breaks_off_after_content = False
    assert sweep(LATER + timedelta(days=30)) == 0
    # The server did take it: sending again would have been the second time.
    assert len(mailbox.taken) == 1


def test_a_claim_that_nobody_confirms_becomes_uncertain_and_is_never_sent_again(mailbox: Mailbox) -> None:
    mail = queued_mail()
    assert claim_next(at=LATER) == mail
    assert mark_abandoned_as_uncertain(at=LATER + timedelta(minutes=4, seconds=59)) == 0
    assert sweep(LATER + timedelta(minutes=5)) == 0
    mail.refresh_from_db()
    assert (mail.status, mail.problem) == (
        MailStatus.UNCERTAIN,
        "the worker stopped before the mail server answered",
    )
    assert (sweep(LATER + timedelta(days=30)), mailbox.taken) == (0, [])


def test_an_attachment_that_cannot_be_read_sends_nothing_and_is_tried_later(mailbox: Mailbox) -> None:
    mail = queued_mail(attachments=[AttachedFile("letters/weg.pdf", "besluit.pdf")])
    assert sweep() == 0
    mail.refresh_from_db()
    assert (mail.status, mailbox.taken) == (MailStatus.QUEUED, [])


def test_a_slow_sender_does_not_overrule_what_the_office_settled(mailbox: Mailbox) -> None:
    mail = queued_mail()
    slow = claim_next(at=LATER)
    assert slow is not None
    mark_abandoned_as_uncertain(at=LATER + timedelta(hours=1))
    OutgoingMail.objects.filter(pk=mail.pk).update(status=MailStatus.SETTLED)
    from hubportal.mail.domain import sending

    sending._close(slow, MailStatus.SENT, sent_at=LATER)
    mail.refresh_from_db()
    assert mail.status == MailStatus.SETTLED


def test_a_line_break_in_a_subject_starts_no_header(mailbox: Mailbox) -> None:
    queued_mail(subject="Besluit\r\nBcc: ander@voorbeeld.example")
    assert sweep() == 1
    assert mailbox.taken[0]["Bcc"] is None
    assert mailbox.taken[0]["Subject"] == "Besluit Bcc: ander@voorbeeld.example"


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(mailbox: Mailbox, settings: Settings) -> None:
    for each in range(10):
        queued_mail(subject=f"mail {each}")
    sent = race(sweep, sweep, sweep)
    assert sum(each for each in sent if isinstance(each, int)) == 10
    assert sorted(each["Subject"] for each in mailbox.taken) == [f"mail {each}" for each in range(10)]


@pytest.mark.django_db(transaction=True)
def test_a_sender_takes_another_mail_than_the_one_that_is_being_claimed() -> None:
    first, second = queued_mail(), queued_mail()
    with held_open(lambda: claim_next(at=LATER)) as meanwhile:
        assert meanwhile(lambda: claim_next(at=LATER)).result() == second
    first.refresh_from_db()
    assert first.status == MailStatus.CLAIMED
