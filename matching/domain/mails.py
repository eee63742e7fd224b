"""The mail to the kwartiermakers of a region of which a coalition asks for help."""

from datetime import datetime

from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from mapping.queries import kwartiermakers_of
from regions.models import Region


def queue_help_asked(region: Region, *, at: datetime) -> None:
    """Tell the kwartiermakers of a region that a coalition asks for help there; which one, they read in the portal."""
    address = address_of("matching:helped", region.slug)
    messages = []
    for each in kwartiermakers_of(region):
        subject, body = compose("help_asked", {"reader": each, "region": region, "address": address})
        messages.append(Message("help_asked", each.email, subject, body))
    queue_mails(messages, at=at)
