"""Writing to the kwartiermaker of a region without an account, and confirming that it was oneself."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import DeadLink, new_secret, secret_digest, without_secret
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.domain.outbox import rewrite_sent
from mapping.queries import kwartiermakers_of
from regions.models import Municipality, Region
from residents.domain.mails import queue_confirmation, queue_receipt, tell_of_message
from residents.domain.periods import kept_until
from residents.enums import MessageKind
from residents.events import CONFIRMED
from residents.models import ResidentMessage
from residents.queries import DAYS_TO_CONFIRM, confirmed_since

# In a day: by one mailbox, to all regions together, and of what was confirmed to one: who confirms nothing locks no region.
MOST_BY_ONE_MAILBOX = 3
MOST_TO_ONE_REGION = 50
MOST_IN_A_DAY = 500
# Of what nobody confirmed that of an hour counts: whoever fills it from many networks keeps nobody away for a day.
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Written:
    """What somebody typed, and who they are."""

    kind: MessageKind
    name: str
    email: str
    text: str = ""
    title: str = ""
    municipality: Municipality | None = None
    website: str = ""
    phone: str = ""


def check_is_read(region: Region) -> None:
    """Raise ``RuleViolation`` where nobody maps a region, and so nobody would read what is written to it."""
    if not kwartiermakers_of(region):
        raise RuleViolation(
            _(
                "This region has no kwartiermaker now, so nobody would read this. Write to the programme office."
            )
        )


@transaction.atomic(durable=True)
def write_message(*, region: Region, written: Written, at: datetime) -> ResidentMessage:
    """Keep what somebody writes to the kwartiermakers of a region, and mail them a link to confirm it. Idempotent.

    Nobody reads it before. Raises ``TooMuch``, and ``RuleViolation`` where nobody would read it or for a place elsewhere.
    """
    # A second click waits here, and then finds the first.
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    check_is_read(region)
    if written.municipality is not None and written.municipality.region_id != region.pk:
        raise RuleViolation(_("This municipality lies in another region."), field="municipality")
    values = {**asdict(written), "municipality": written.municipality}
    address = values.pop("email")
    same = ResidentMessage.objects.filter(region=region, mailbox=mailbox(address), settled_at=None, **values)
    if earlier := same.filter(sent_at__gt=at - _A_DAY).first():
        return earlier
    _check_not_too_many(region, address, at=at)
    # Whether the period is known, is said before anybody goes to their mailbox.
    kept_until(at)
    secret = new_secret()
    message = ResidentMessage.objects.create(
        region=region,
        **values,
        email=address,
        mailbox=mailbox(address),
        confirm_digest=secret_digest(secret),
        sent_at=at,
        kept_until=at + timedelta(days=DAYS_TO_CONFIRM),
    )
    queue_confirmation(message, secret, at=at)
    return message


def _check_not_too_many(region: Region, email: str, *, at: datetime) -> None:
    today = ResidentMessage.objects.filter(sent_at__gt=at - _A_DAY)
    counted = (
        (today.filter(mailbox=mailbox(email)).count(), MOST_BY_ONE_MAILBOX),
        (confirmed_since(region, at - _A_DAY), MOST_TO_ONE_REGION),
        (today.filter(Q(confirmed_at__isnull=False) | Q(sent_at__gt=at - _AN_HOUR)).count(), MOST_IN_A_DAY),
    )
    if any(sent >= most for sent, most in counted):
        raise TooMuch(
            _(
                "Too many messages were sent today. Did somebody else use your e-mail address? Our e-mails have a link by which "
                "you can delete that, and then write again. Otherwise try again tomorrow, or call."
            )
        )


def check_can_be_confirmed(message: ResidentMessage, *, at: datetime) -> None:
    """Raise ``DeadLink`` once the days to confirm are over, or it was confirmed already."""
    if message.confirmed_at is not None:
        raise DeadLink(
            _(
                "You have confirmed this already. Our later e-mail has a link by which you can see and withdraw it."
            )
        )
    if at >= message.kept_until:
        raise DeadLink(_("This link has expired. Write it again on the page of the region."))


@transaction.atomic(durable=True)
def confirm_message(*, message_id: int, at: datetime) -> ResidentMessage:
    """Record that who wrote reads the mailbox that they gave, send them a receipt, and tell the kwartiermakers. Idempotent.

    Of more than ``MOST_TO_ONE_REGION`` in a day they are not mailed: they find it among the others. Raises ``DeadLink``.
    """
    message = ResidentMessage.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise DeadLink(_("This link has expired. Write it again on the page of the region."))
    if message.confirmed_at is not None:
        return message
    check_can_be_confirmed(message, at=at)
    secret, digest = new_secret(), message.confirm_digest
    message.confirmed_at, message.kept_until = at, kept_until(at)
    message.kept_digest = secret_digest(secret)
    message.save(update_fields=["confirmed_at", "kept_until", "kept_digest"])
    rewrite_sent(
        lambda text: without_secret(text, digest), about=message.mails_about, recipient=message.email
    )
    facts = {"region": message.region_id, "kind": message.kind}
    record(CONFIRMED, subject=message, actor=None, at=at, facts=facts)
    queue_receipt(message, secret, at=at)
    if confirmed_since(message.region, at - _A_DAY) <= MOST_TO_ONE_REGION:
        tell_of_message(message, at=at)
    return message
