"""The office settles mails that failed or are uncertain, and nobody else does (rule 25)."""

from datetime import timedelta

import pytest

from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import mails_to_settle
from hubportal.office.domain.failed_mails import AlreadySettled, settle_mail
from letters.enums import LetterState
from letters.models import Letter
from letters.queries import state_of
from letters.tasks import fix_moments_of_sending_task
from tests.factories.accounts import person
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.factories.scenarios import committee, produced

pytestmark = pytest.mark.django_db


def doubtful(status: MailStatus = MailStatus.UNCERTAIN) -> OutgoingMail:
    mail = queued_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=status, claimed_at=AT, attempts=3, problem="?")
    return mail


@pytest.mark.parametrize("status", [MailStatus.UNCERTAIN, MailStatus.FAILED])
def test_the_office_sends_a_doubtful_mail_again(status: MailStatus) -> None:
    mail, officer = doubtful(status), person(Role.OFFICER)
    settle_mail(mail_id=mail.pk, send_again=True, actor=officer, at=AT + timedelta(hours=1))
    mail.refresh_from_db()
    assert (mail.status, mail.due_at, mail.attempts, mail.problem) == (
        MailStatus.QUEUED,
        AT + timedelta(hours=1),
        0,
        "",
    )
    event = AuditEvent.objects.get(act="mail.settled")
    assert (event.actor_id, event.facts) == (officer.pk, {"send_again": True, "arrived": False})


def test_an_uncertain_mail_that_arrived_counts_as_sent_when_it_was_handed_over() -> None:
    mail = doubtful()
    settle_mail(
        mail_id=mail.pk,
        send_again=False,
        arrived=True,
        actor=person(Role.OFFICER),
        at=AT + timedelta(days=1),
    )
    mail.refresh_from_db()
    assert (mail.status, mail.sent_at) == (MailStatus.SENT, AT)
    assert AuditEvent.objects.get(act="mail.settled").facts == {"send_again": False, "arrived": True}


def test_a_mail_that_failed_did_not_arrive() -> None:
    mail = doubtful(MailStatus.FAILED)
    settle_mail(mail_id=mail.pk, send_again=False, arrived=True, actor=person(Role.OFFICER), at=AT)
    mail.refresh_from_db()
    assert (mail.status, mail.sent_at) == (MailStatus.SETTLED, None)


def test_a_letter_moves_on_once_the_office_says_that_it_arrived() -> None:
    """Rule 19."""
    letter = produced().decision.letter
    OutgoingMail.objects.filter(pk=letter.mail_id).update(
        status=MailStatus.UNCERTAIN, claimed_at=letter.mail.queued_at
    )
    settle_mail(mail_id=letter.mail_id, send_again=False, arrived=True, actor=committee().officer, at=AT)
    fix_moments_of_sending_task()
    letter = Letter.objects.get(pk=letter.pk)
    assert (letter.sent_at, state_of(letter)) == (letter.mail.claimed_at, LetterState.SENT)


def test_a_letter_whose_mail_is_left_as_it_is_stays_in_trouble() -> None:
    letter = produced().decision.letter
    OutgoingMail.objects.filter(pk=letter.mail_id).update(status=MailStatus.SETTLED)
    assert state_of(Letter.objects.get(pk=letter.pk)) == LetterState.TROUBLE


def test_the_office_leaves_a_doubtful_mail() -> None:
    mail = doubtful()
    assert mail in mails_to_settle()
    settle_mail(mail_id=mail.pk, send_again=False, actor=person(Role.OFFICER), at=AT)
    mail.refresh_from_db()
    assert mail.status == MailStatus.SETTLED
    assert mail not in mails_to_settle()


@pytest.mark.parametrize(
    "status", [MailStatus.QUEUED, MailStatus.CLAIMED, MailStatus.SENT, MailStatus.SETTLED]
)
def test_a_mail_that_is_not_doubtful_is_not_settled(status: MailStatus) -> None:
    mail = queued_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=status, claimed_at=AT, sent_at=AT)
    with pytest.raises(AlreadySettled):
        settle_mail(mail_id=mail.pk, send_again=True, actor=person(Role.OFFICER), at=AT)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.ADMINISTRATOR}))
def test_nobody_else_settles_a_mail(role: Role) -> None:
    mail = doubtful()
    with pytest.raises(NotAllowed):
        settle_mail(mail_id=mail.pk, send_again=True, actor=person(role), at=AT)
    mail.refresh_from_db()
    assert mail.status == MailStatus.UNCERTAIN
