"""Invariants of the outbox (rules 25 and 34)."""

from collections.abc import Iterator

from django.db.models import F, Q

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail

_CONSTRAINTS = {
    "outgoing_mail_sent_has_its_moment": 25,
    "outgoing_mail_claimed_has_its_moment": 25,
    "outgoing_mail_bounced_has_its_moment": 34,
    "OutgoingMail.return_token": 34,
    "outgoing_mail_of_a_known_status": 25,
}


def violations() -> Iterator[Violation]:
    """Yield each mail whose status does not follow from being claimed, handed over and confirmed."""
    tried = OutgoingMail.objects.filter(
        status__in=[MailStatus.SENT, MailStatus.BOUNCED, MailStatus.UNCERTAIN, MailStatus.FAILED]
    )
    yield from each_breaks(
        25, tried.filter(Q(claimed_at=None) | Q(attempts=0)), "left the queue but was never claimed"
    )
    yield from each_breaks(
        25, OutgoingMail.objects.filter(sent_at__lt=F("claimed_at")), "was sent before it was claimed"
    )
    sent = OutgoingMail.objects.filter(sent_at__isnull=False)
    yield from each_breaks(
        25,
        sent.exclude(status__in=[MailStatus.SENT, MailStatus.BOUNCED]),
        "has a moment of sending but does not count as sent",
    )
    yield from each_breaks(34, sent.filter(sent_at__gte=F("send_before")), "was sent after its last moment")
    early = OutgoingMail.objects.filter(bounced_at__lt=F("claimed_at"))
    yield from each_breaks(34, early, "came back before it was handed over")
    yield from broken_constraints("mail", _CONSTRAINTS)
