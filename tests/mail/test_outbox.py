"""Mails are rows of the transaction that causes them (rule 25)."""

import pytest
from django.db import transaction

from hubportal.mail.domain.composing import compose
from hubportal.mail.enums import MailStatus
from hubportal.mail.invariants import violations
from hubportal.mail.models import OutgoingMail
from tests.factories.mail import queued_mail
from tests.factories.moments import AT
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_a_mail_of_an_act_that_fails_is_never_written() -> None:
    @transaction.atomic
    def act() -> None:
        queued_mail()
        raise ValueError

    with pytest.raises(ValueError):
        act()
    assert not OutgoingMail.objects.exists()


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
