"""The mails about who speaks for an organisation."""

from datetime import datetime, timedelta

from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from organisations.models import Representative
from organisations.queries import proved_representatives

# Of one organisation in a day: whoever registers over and over floods nobody who speaks for it, and their list shows all.
MOST_ASKED_ABOUT = 10
_A_DAY = timedelta(days=1)


def queue_asked(representative: Representative, *, at: datetime) -> bool:
    """Ask each colleague who speaks for the organisation whether this person does too; tell whether any was asked."""
    colleagues = proved_representatives().filter(organisation=representative.organisation_id)
    others = colleagues.exclude(user=representative.user_id).select_related("user").order_by("pk")
    page = address_of("organisations:colleagues", representative.organisation_id)
    # Under the name that each gave it: this person may have typed anything.
    lately = Representative.objects.filter(
        organisation=representative.organisation_id, asked_at__gt=at - _A_DAY
    )
    asked = list(others) if lately.exclude(pk=representative.pk).count() < MOST_ASKED_ABOUT else []
    messages = [_message("representation_asked", representative, each, address=page) for each in asked]
    if not asked:
        # Written for nobody: else the time that it takes would tell that there are none (rule 26).
        _message("representation_asked", representative, representative, address=page)
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
    queue_mails([_message(kind, representative, representative, address=page)], at=at)


def _message(kind: str, representative: Representative, reader: Representative, **context: object) -> Message:
    """Return a mail about somebody to somebody, who reads the name that they gave the organisation themselves."""
    subject, body = compose(
        kind,
        {
            "organisation": reader.stated_name,
            "person": representative.user,
            "representative": representative,
            "reader": reader.user,
            **context,
        },
    )
    return Message(kind=kind, recipient=reader.user.email, subject=subject, body=body)
