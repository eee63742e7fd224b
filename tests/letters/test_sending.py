"""A letter is sent once, and its term runs from the moment it really was (rule 19)."""

from datetime import date, timedelta
from typing import Any

import pytest

from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from letters.domain.producing import fix_moment_of_sending
from letters.models import Letter
from letters.queries import letters_just_sent
from letters.tasks import fix_moments_of_sending_task
from tests.factories.moments import moment
from tests.letters.letters import OBJECTED, call_with, make, release

pytestmark = pytest.mark.django_db

MADE_AT = moment("2024-06-26T10:00")


def made(*, at: Any = MADE_AT) -> Letter:
    return make(release(call_with(OBJECTED), OBJECTED), at=at)


def sent(letter: Letter, at: Any) -> Letter:
    send_due_mails(now=lambda: at)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    letter.refresh_from_db()
    return letter


def test_the_moment_of_sending_is_that_of_the_mail_to_the_addressee_and_is_fixed_once() -> None:
    """Rule 19."""
    letter = sent(made(), MADE_AT + timedelta(minutes=1))
    assert (letter.sent_at, letter.objection_deadline_on) == (
        MADE_AT + timedelta(minutes=1),
        date(2024, 8, 7),
    )
    assert not letters_just_sent().exists()
    assert not fix_moment_of_sending(letter_id=letter.pk, at=MADE_AT + timedelta(days=9))


def test_the_term_runs_from_the_day_it_was_really_sent() -> None:
    letter = sent(made(at=moment("2024-06-26T23:58")), moment("2024-06-27T00:03"))
    assert (letter.dated_on, letter.objection_deadline_on) == (date(2024, 6, 26), date(2024, 8, 8))


@pytest.mark.parametrize("status", [MailStatus.UNCERTAIN, MailStatus.FAILED, MailStatus.QUEUED])
def test_what_is_not_surely_sent_fixes_nothing(status: MailStatus) -> None:
    letter = made()
    OutgoingMail.objects.filter(pk=letter.mail_id).update(status=status)
    assert not fix_moment_of_sending(letter_id=letter.pk, at=MADE_AT)
    letter.refresh_from_db()
    assert letter.sent_at is None


def test_the_sweep_fixes_what_was_sent() -> None:
    letter = made()
    OutgoingMail.objects.filter(pk=letter.mail_id).update(status=MailStatus.SENT, sent_at=MADE_AT)
    fix_moments_of_sending_task()
    letter.refresh_from_db()
    assert letter.sent_at == MADE_AT
