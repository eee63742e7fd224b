"""The mails about who speaks for an organisation."""

from datetime import datetime

from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from organisations.models import Representative
from organisations.queries import people_who_speak_for


def queue_asked(representative: Representative, *, at: datetime) -> bool:
    """Ask each colleague who speaks for the organisation whether this person does too; tell whether there is one."""
    colleagues = people_who_speak_for(representative.organisation_id).exclude(pk=representative.user_id)
    page = address_of("organisations:colleagues", representative.organisation_id)
    messages = [
        _message("representation_asked", representative, each.email, reader=each, address=page)
        for each in colleagues.order_by("pk")
    ]
    return bool(queue_mails(messages, at=at))


def queue_confirmed(representative: Representative, *, at: datetime) -> None:
    """Tell somebody that they speak for the organisation from now on."""
    _queue("representation_confirmed", representative, at=at)


def queue_disputed(representative: Representative, *, at: datetime) -> None:
    """Tell somebody that the office first has to find out; not who disputes it, nor why."""
    _queue("representation_disputed", representative, at=at)


def queue_ended(representative: Representative, *, at: datetime) -> None:
    """Tell somebody that they no longer speak for the organisation, with the reason."""
    _queue("representation_ended", representative, at=at)


def _queue(kind: str, representative: Representative, *, at: datetime) -> None:
    page = address_of(
        "website:contact" if kind == "representation_ended" else "organisations:my_organisations"
    )
    user = representative.user
    queue_mails([_message(kind, representative, user.email, reader=user, address=page)], at=at)


def _message(kind: str, representative: Representative, recipient: str, **context: object) -> Message:
    subject, body = compose(
        kind,
        {
            "organisation": representative.organisation,
            "person": representative.user,
            "representative": representative,
            **context,
        },
    )
    return Message(kind=kind, recipient=recipient, subject=subject, body=body)
