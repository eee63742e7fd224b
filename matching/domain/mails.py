"""Mails that a coalition asks for help, and that somebody looks on the same question."""

from collections.abc import Iterable
from datetime import datetime

from hubportal.accounts.enums import Role
from hubportal.accounts.queries import active_in_role
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from mapping.queries import kwartiermakers_of
from matching.interest_queries import without_ties
from matching.models import FoundWish
from regions.models import Region


def queue_help_asked(region: Region, *, at: datetime) -> None:
    """Tell the kwartiermakers of a region that a coalition asks for help there; which one, they read in the portal.

    Where none may read it, administrators hear that somebody else is needed there, unless they take part there themselves.
    """
    kind, readers = "help_asked", without_ties(kwartiermakers_of(region), region)
    address = address_of("matching:helped", region.slug)
    if not readers:
        administrators = active_in_role(Role.ADMINISTRATOR).order_by("full_name", "pk")
        kind, readers = "help_unread", without_ties(administrators, region)
        address = address_of("admin:regions")
    messages = []
    for each in readers:
        subject, body = compose(kind, {"reader": each, "region": region, "address": address})
        messages.append(Message(kind, each.email, subject, body))
    queue_mails(messages, at=at)


def queue_looked_for(wishes: Iterable[FoundWish], *, at: datetime) -> None:
    """Tell who wants to be found that somebody looks on the same question: who it is, they read once both show their name."""
    messages = []
    for each in wishes:
        address = address_of("matching:found", each.organisation_id)
        subject, body = compose("looked_for", {"reader": each.said_by, "address": address})
        messages.append(Message("looked_for", each.said_by.email, subject, body))
    queue_mails(messages, at=at)
