"""The mails to people who are asked, kept or erased."""

from datetime import datetime

from hubportal.accounts.models import User
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail
from mapping.queries import kwartiermakers_of
from people.domain.links import make_link
from people.domain.terms import PURPOSE
from people.enums import LinkUse
from people.models import ErasureReceipt, MappedPerson
from people.queries import RECEIPT_KIND


def queue_question(person: MappedPerson, *, by: User, at: datetime) -> None:
    """Ask somebody whether they may be kept, and say where their address came from (GDPR art. 14)."""
    secret = make_link(person, LinkUse.ANSWER, by=by, at=at)
    _queue("person_asked", person, at, asked_by=by, address=address_of("people:answer", secret))


def queue_agreed(person: MappedPerson, *, by: User | None, at: datetime) -> None:
    """Confirm a consent, with a link that stays: to see what is kept, and to withdraw (GDPR art. 7 and 13)."""
    _queue("person_agreed", person, at, recorded_by=by, lasting=_lasting(person, by=by, at=at))


def queue_prolonged(person: MappedPerson, *, at: datetime) -> None:
    """Confirm that a consent was prolonged."""
    _queue("person_prolonged", person, at, lasting=_lasting(person, by=None, at=at))


def queue_reminder(person: MappedPerson, *, at: datetime) -> None:
    """Tell somebody that their consent ends, with a link to prolong it and one to withdraw."""
    secret = make_link(person, LinkUse.PROLONG, by=None, at=at)
    address = address_of("people:prolong", secret)
    _queue("person_ends", person, at, address=address, lasting=_lasting(person, by=None, at=at))


def queue_moved(person: MappedPerson, before: str, *, at: datetime) -> None:
    """Tell the address of before that somebody is mailed at another one, without saying which."""
    _queue("person_moved", person, at, recipient=before)


def queue_receipt(receipt: ErasureReceipt, *, name: str, email: str, at: datetime) -> None:
    """Tell somebody that they were erased; the mail itself is forgotten once it was sent."""
    context = {
        "name": name,
        "receipt": receipt,
        "address": address_of("people:receipt", receipt.code),
    }
    subject, body = compose(RECEIPT_KIND, context)
    queue_mail(kind=RECEIPT_KIND, recipient=email, subject=subject, body=body, at=at)


def _lasting(person: MappedPerson, *, by: User | None, at: datetime) -> str:
    return address_of("people:kept", make_link(person, LinkUse.LASTING, by=by, at=at))


def _queue(
    template: str, person: MappedPerson, at: datetime, *, recipient: str = "", **context: object
) -> None:
    subject, body = compose(
        template,
        {
            "person": person,
            "purpose": PURPOSE,
            "kwartiermakers": kwartiermakers_of(person.region),
            **context,
        },
    )
    queue_mail(
        kind=template,
        recipient=recipient or person.email,
        subject=subject,
        body=body,
        about=person.mails_about,
        at=at,
    )
