"""Mails are rows of the transaction that causes them, settled by the office when doubtful (rule 25)."""

from datetime import timedelta

import pytest
from django.db import transaction

from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.mail.domain.composing import compose
from hubportal.mail.domain.outbox import AlreadySettled, settle
from hubportal.mail.enums import MailStatus
from hubportal.mail.invariants import violations
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import mails_that_need_the_office
from tests.factories.accounts import person
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def doubtful(status: MailStatus = MailStatus.UNCERTAIN) -> OutgoingMail:
    mail = queued_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=status, claimed_at=AT, attempts=3, problem="?")
    return mail


def test_a_mail_of_an_act_that_fails_is_never_written() -> None:
    @transaction.atomic
    def act() -> None:
        queued_mail()
        raise ValueError

    with pytest.raises(ValueError):
        act()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("status", [MailStatus.UNCERTAIN, MailStatus.FAILED])
def test_the_office_sends_a_doubtful_mail_again(status: MailStatus) -> None:
    mail, officer = doubtful(status), person(Role.OFFICER)
    settle(mail_id=mail.pk, send_again=True, actor=officer, at=AT + timedelta(hours=1))
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
    assert mail in mails_that_need_the_office()
    settle(mail_id=mail.pk, send_again=False, actor=person(Role.OFFICER), at=AT)
    mail.refresh_from_db()
    assert mail.status == MailStatus.SETTLED
    assert mail not in mails_that_need_the_office()


@pytest.mark.parametrize(
    "status", [MailStatus.QUEUED, MailStatus.CLAIMED, MailStatus.SENT, MailStatus.SETTLED]
)
def test_a_mail_that_is_not_doubtful_is_not_settled(status: MailStatus) -> None:
    mail = queued_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=status, claimed_at=AT, sent_at=AT)
    with pytest.raises(AlreadySettled):
        settle(mail_id=mail.pk, send_again=True, actor=person(Role.OFFICER), at=AT)


def test_the_database_refuses_a_sent_mail_without_its_moment() -> None:
    with refused_by("outgoing_mail_sent_has_its_moment"):
        OutgoingMail.objects.filter(pk=queued_mail().pk).update(status=MailStatus.SENT)


def test_the_database_refuses_a_claim_without_its_moment() -> None:
    with refused_by("outgoing_mail_claimed_has_its_moment"):
        OutgoingMail.objects.filter(pk=queued_mail().pk).update(status=MailStatus.CLAIMED)


def test_the_database_refuses_an_unknown_status() -> None:
    with refused_by("outgoing_mail_of_a_known_status"):
        OutgoingMail.objects.filter(pk=queued_mail().pk).update(status="gone")


def test_a_mail_that_is_sent_but_was_never_claimed_breaks_rule_25() -> None:
    mail = queued_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=MailStatus.SENT, sent_at=AT)
    assert [(each.rule, each.row) for each in violations()] == [(25, mail.pk)]


def test_the_first_line_of_a_template_is_the_subject_and_nothing_is_escaped() -> None:
    subject, body = compose(
        "letter",
        {
            "subject": "Over CRP24-0001",
            "text": "<Beste> lezer",
            "address": "https://a/?b&c",
            "code": "HP-<1>",
        },
    )
    assert "CRP24-0001" in subject
    assert "\n" not in subject
    assert "https://a/?b&c" in body
    assert "HP-<1>" in body
