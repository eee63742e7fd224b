"""The mail to a kwartiermaker to whom regions were assigned."""

from collections.abc import Sequence
from datetime import datetime

from hubportal.accounts.models import User
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from regions.models import Region


def queue_assigned(user: User, regions: Sequence[Region], *, by: User, at: datetime) -> None:
    """Tell a kwartiermaker which regions are theirs from now on, and where they read what is open there."""
    places = [(each, address_of("website:open_items", each.slug)) for each in regions]
    subject, body = compose("region_assigned", {"reader": user, "by": by, "places": places})
    queue_mails([Message("region_assigned", user.email, subject, body)], at=at)
