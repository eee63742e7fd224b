"""The mails about who maps which region: to whom it was assigned, and to administrators once somebody handed it over."""

from collections.abc import Sequence
from datetime import datetime

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.queries import active_in_role
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from regions.models import Region


def queue_assigned(user: User, regions: Sequence[Region], *, by: User, at: datetime) -> None:
    """Tell a kwartiermaker which regions are theirs from now on, and where they read what is open there."""
    places = [(each, address_of("website:open_items", each.slug)) for each in regions]
    subject, body = compose("region_assigned", {"reader": user, "by": by, "places": places})
    queue_mails([Message("region_assigned", user.email, subject, body)], at=at)


def queue_handed_over(region: Region, *, before: User, after: User, at: datetime) -> None:
    """Tell each administrator that a kwartiermaker handed a region over, and where it can be given back."""
    context = {"region": region, "before": before, "after": after, "address": address_of("admin:regions")}
    messages = []
    for reader in active_in_role(Role.ADMINISTRATOR).order_by("pk"):
        subject, body = compose("region_handed_over", {"reader": reader, **context})
        messages.append(Message("region_handed_over", reader.email, subject, body))
    queue_mails(messages, at=at)
