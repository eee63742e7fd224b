"""Reads of the outbox."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail

# Longer than any attempt to send may take: the mail server's time-out is 20 seconds.
CLAIM_LASTS = timedelta(minutes=5)


def due_mails(*, at: datetime) -> QuerySet[OutgoingMail]:
    """Return the mails to send now, oldest first; one whose last moment passed is not sent any more (rule 34)."""
    in_time = Q(send_before=None) | Q(send_before__gt=at)
    return OutgoingMail.objects.filter(in_time, status=MailStatus.QUEUED, due_at__lte=at).order_by(
        "due_at", "pk"
    )


def abandoned_claims(*, at: datetime) -> QuerySet[OutgoingMail]:
    """Return the mails whose worker vanished between claim and confirmation."""
    return OutgoingMail.objects.filter(status=MailStatus.CLAIMED, claimed_at__lte=at - CLAIM_LASTS)


def mails_to_settle() -> QuerySet[OutgoingMail]:
    """Return the mails that the office has to settle."""
    return OutgoingMail.objects.filter(status__in=[MailStatus.UNCERTAIN, MailStatus.FAILED]).order_by(
        "-queued_at", "-pk"
    )


def without_text(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Return the mails with what the office needs to settle them, without their text."""
    return mails.only(
        "kind", "recipient", "about", "status", "queued_at", "claimed_at", "attempts", "problem"
    )


def every_mail() -> QuerySet[OutgoingMail]:
    """Return all mails, the newest first."""
    return OutgoingMail.objects.order_by("-pk")
