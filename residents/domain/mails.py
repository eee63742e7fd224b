"""The mails about what a resident wrote: none of them holds a word that was typed, but the own name to its writer."""

from datetime import datetime

from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from mapping.queries import kwartiermakers_of
from residents.models import ResidentMessage
from residents.queries import DAYS_TO_CONFIRM


def queue_confirmation(message: ResidentMessage, secret: str, *, at: datetime) -> None:
    """Ask somebody to confirm that it was them who wrote."""
    address = address_of("residents:confirm", secret)
    _queue("resident_confirm", message, at=at, address=address, days=DAYS_TO_CONFIRM)


def queue_receipt(message: ResidentMessage, secret: str, *, at: datetime) -> None:
    """Confirm to who wrote that it has arrived, with a link to see and to withdraw it."""
    _queue("resident_received", message, at=at, address=address_of("residents:kept", secret))


def tell_of_message(message: ResidentMessage, *, at: datetime) -> None:
    """Tell the kwartiermakers of the region that somebody wrote."""
    page = address_of("residents:message", message.region.slug, message.pk)
    kind = "resident_wrote"
    messages = [
        Message(kind, each.email, *compose(kind, {"reader": each, "region": message.region, "address": page}))
        for each in kwartiermakers_of(message.region)
    ]
    queue_mails(messages, at=at)


def _queue(kind: str, message: ResidentMessage, *, at: datetime, **context: object) -> None:
    # Not who maps the region: that is shown to strangers by who chose it alone.
    written = compose(kind, {"message": message, **context})
    queue_mails([Message(kind, message.email, *written, about=message.mails_about)], at=at)
