"""Residents of a region write to its kwartiermaker, who can be called; one of them follows the region by mail."""

from datetime import datetime

from hubportal.accounts.models import User
from regions.models import Region
from residents.domain.contacts import show_contact
from residents.domain.writing import Written, confirm_message, write_message
from residents.enums import MessageKind
from website.domain.following import ask_to_follow, confirm_following

_WRITTEN = (
    Written(
        MessageKind.QUESTION,
        "Ria Raadgever (fictief)",
        "ria.raadgever@burger.example",
        text="De bus rijdt niet meer langs de bedachte polikliniek. Wie denkt daarover mee?",
        title="Hoe komen mensen zonder auto bij de polikliniek?",
    ),
    Written(
        MessageKind.ORGANISATION,
        "Omar Opgave (fictief)",
        "omar.opgave@burger.example",
        text="Een bedachte groep buren die elkaar helpt met formulieren.",
        title="Burenhulp Formulierenbrigade (fictief)",
        website="https://burenhulp.example",
    ),
    Written(
        MessageKind.TAKE_PART,
        "Mia Meedoen (fictief)",
        "mia.meedoen@burger.example",
        text="Ik kan goed luisteren en heb op dinsdag tijd.",
        phone="000 000 00 02",
    ),
)


def write_to_kwartiermaker(region: Region, kwartiermaker: User, *, at: datetime) -> None:
    """Let three residents write and confirm it, the first follow the region, and show how to call the kwartiermaker."""
    for written in _WRITTEN:
        confirm_message(message_id=write_message(region=region, written=written, at=at).pk, at=at)
    asked = ask_to_follow(region=region, email=_WRITTEN[0].email, at=at)
    assert asked is not None
    confirm_following(follower_id=asked.pk, at=at)
    show_contact(
        region=region,
        name=kwartiermaker.full_name,
        phone="000 000 00 03",
        hours="dinsdag en donderdag van 9.00 tot 12.00 uur",
        actor=kwartiermaker,
        at=at,
    )
