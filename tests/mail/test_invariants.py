"""Each rule of the outbox that is broken by hand in the database is named, with its row (rules 25 and 34)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hubportal.mail import invariants
from hubportal.mail.domain.sending import claim_next
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from tests.breaking import Breaks, check_constraint, force, named, sentences_in, sound
from tests.factories.mail import queued_mail
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db

breaks = Breaks()


@pytest.fixture
def sent() -> OutgoingMail:
    """Return a mail that went out, beside one that waits and one that is being sent."""
    mail = queued_mail()
    claim_next(at=AT)
    force(mail, status=MailStatus.SENT, sent_at=AT)
    queued_mail()
    claim_next(at=AT)
    queued_mail()
    return sound(mail)


@breaks(25, "left the queue but was never claimed")
def sent_without_a_claim(sent):
    return force(sent, claimed_at=None)


@breaks(25, "left the queue but was never claimed")
def sent_without_an_attempt(sent):
    return force(sent, attempts=0)


@breaks(25, "left the queue but was never claimed")
def uncertain_without_a_claim(sent):
    return force(sent, status=MailStatus.UNCERTAIN, sent_at=None, claimed_at=None)


@breaks(25, "was sent before it was claimed")
def sent_before_the_claim(sent):
    return force(sent, sent_at=AT - timedelta(microseconds=1))


@breaks(25, "has a moment of sending but does not count as sent")
def sent_and_yet_in_the_queue(sent):
    return force(sent, status=MailStatus.QUEUED)


@breaks(34, "was sent after its last moment")
def sent_too_late(sent):
    """Rule 34."""
    return force(sent, send_before=AT)


@breaks(34, "came back before it was handed over")
def back_too_early(sent):
    return force(sent, status=MailStatus.BOUNCED, bounced_at=AT - timedelta(seconds=1))


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(
    sent: OutgoingMail, rule: int, sentence: str, act: Callable[[OutgoingMail], OutgoingMail]
) -> None:
    row = act(sent)
    assert list(invariants.violations()) == named(rule, sentence, row)


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences


def same_token(sent: OutgoingMail) -> list[OutgoingMail]:
    """Give another mail the token of this one, and return both."""
    sent.refresh_from_db()
    other = OutgoingMail.objects.filter(return_token__isnull=False).exclude(pk=sent.pk).get()
    return [sent, force(other, return_token=sent.return_token)]


CONSTRAINTS: dict[str, Callable[[OutgoingMail], OutgoingMail | list[OutgoingMail]]] = {
    "outgoing_mail_sent_has_its_moment": lambda sent: force(sent, sent_at=None),
    "outgoing_mail_claimed_has_its_moment": lambda sent: force(sent, status="claimed", claimed_at=None),
    "outgoing_mail_bounced_has_its_moment": lambda sent: force(sent, status="bounced"),
    "OutgoingMail.return_token": same_token,
    "outgoing_mail_of_a_known_status": lambda sent: force(sent, status="lost"),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(sent: OutgoingMail, name: str) -> None:
    check_constraint(invariants, name, OutgoingMail, lambda: CONSTRAINTS[name](sent))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
