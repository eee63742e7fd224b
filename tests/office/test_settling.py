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
from tests.factories.accounts import person
from tests.factories.mail import queued_mail
from tests.factories.moments import AT

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
    assert (event.actor_id, event.facts) == (officer.pk, {"send_again": True})


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
