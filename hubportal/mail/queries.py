"""Reads of the outbox."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, When

from hubportal.mail.enums import WAITED_FOR, MailStatus
from hubportal.mail.models import OutgoingMail, ReceivedCount

# Longer than any attempt to send may take: the mail server's time-out is 20 seconds.
CLAIM_LASTS = timedelta(minutes=5)


def due_mails(*, at: datetime) -> QuerySet[OutgoingMail]:
    """Return the mails to send now: those for which somebody sits waiting, then letters, then the rest, the oldest first.

    One whose last moment passed is not sent any more (rule 34).
    """
    in_time = Q(send_before=None) | Q(send_before__gt=at)
    found = OutgoingMail.objects.filter(in_time, status=MailStatus.QUEUED, due_at__lte=at)
    # Reminders to thousands would else hold a code up until it works no more.
    turn = Case(When(kind__in=WAITED_FOR, then=0), When(send_before__isnull=False, then=1), default=2)
    return found.order_by(turn, "due_at", "pk")


def abandoned_claims(*, at: datetime) -> QuerySet[OutgoingMail]:
    """Return the mails whose worker vanished between claim and confirmation."""
    return OutgoingMail.objects.filter(status=MailStatus.CLAIMED, claimed_at__lte=at - CLAIM_LASTS)


def came_back(about: str) -> dict[tuple[str, str], datetime]:
    """Return of which kind, and to whom, mails about something came back, each with when last.

    Only for who had them sent: they tell which mailboxes exist (rule 26).
    """
    back = OutgoingMail.objects.filter(about=about, status=MailStatus.BOUNCED).order_by("bounced_at", "pk")
    rows = back.values_list("kind", "recipient", "bounced_at")
    return {(kind, recipient): moment for kind, recipient, moment in rows if moment is not None}


def latest_mails(about: str, kinds: Collection[str]) -> dict[tuple[str, str], OutgoingMail]:
    """Return the last mail of each of these kinds about something to each address, without its text.

    Only for who had them sent, as ``came_back``.
    """
    sent = OutgoingMail.objects.filter(about=about, kind__in=kinds).distinct("kind", "recipient")
    shown = sent.only("kind", "recipient", "status", "queued_at", "sent_at", "bounced_at", "problem")
    return {
        (each.kind, each.recipient): each for each in shown.order_by("kind", "recipient", "-queued_at", "-pk")
    }


def newest_by_kind() -> dict[str, OutgoingMail]:
    """Return of each kind the mail that was written last, without its text; of all the portal, so for the demo alone."""
    newest = OutgoingMail.objects.defer("body").distinct("kind").order_by("kind", "-queued_at", "-pk")
    return {each.kind: each for each in newest}


def mails_to_settle() -> QuerySet[OutgoingMail]:
    """Return the mails that the office has to settle."""
    return OutgoingMail.objects.filter(status__in=[MailStatus.UNCERTAIN, MailStatus.FAILED]).order_by(
        "-queued_at", "-pk"
    )


def mails_that_came_back() -> QuerySet[OutgoingMail]:
    """Return the mails of any kind that came back, the latest first."""
    return OutgoingMail.objects.filter(status=MailStatus.BOUNCED).order_by("-bounced_at", "-pk")


def without_text(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Return the mails with what the office needs to settle them, without their text."""
    return mails.only(
        "kind",
        "recipient",
        "about",
        "status",
        "queued_at",
        "claimed_at",
        "bounced_at",
        "attempts",
        "problem",
    )


def every_mail() -> QuerySet[OutgoingMail]:
    """Return all mails, the newest first."""
    return OutgoingMail.objects.order_by("-pk")


def received_counts() -> QuerySet[ReceivedCount]:
    """Return how many mails came in with each outcome, and when the last one."""
    return ReceivedCount.objects.order_by("outcome", "pk")
