"""The mails about who is the contact person of the lead in a draft."""

from datetime import datetime

from applications.models import Handover
from applications.queries.handovers import colleagues_of_lead
from applications.queries.roles import with_a_role
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails


def queue_offered(handover: Handover, *, at: datetime) -> None:
    """Ask a colleague whether they become the contact person."""
    _queue("contact_offered", handover, {handover.to.email: handover.to.full_name}, at=at)


def queue_takeover(handover: Handover, *, at: datetime) -> None:
    """Warn who is the contact person, and everybody with a role, that somebody takes over, and when."""
    _queue("contact_taken_over", handover, with_a_role(handover.application, handover.holder), at=at)


def queue_stopped(handover: Handover, by: User, *, at: datetime) -> None:
    """Tell everybody who was warned that it does not happen."""
    _queue("contact_stays", handover, with_a_role(handover.application, handover.holder), at=at, by=by)


def queue_changed(handover: Handover, *, at: datetime) -> None:
    """Tell everybody with a role who is the contact person from now on."""
    _queue("contact_changed", handover, with_a_role(handover.application, handover.holder), at=at)


def _queue(kind: str, handover: Handover, readers: dict[str, str], *, at: datetime, **more: object) -> None:
    application = handover.application
    speakers = {mailbox(each) for each in colleagues_of_lead(application).values_list("email", flat=True)}
    messages = []
    for email, name in readers.items():
        context = {
            "name": name,
            "is_to": email == handover.to.email,
            "is_holder": email == handover.holder.email,
            "handover": handover,
            "lead": application.coalition.lead_name,
            "region": application.coalition.region.name,
            "call": application.call,
            # Whoever can do something about it is led there.
            "address": address_of("applications:contact", application.reference)
            if mailbox(email) in speakers
            else "",
            **more,
        }
        subject, body = compose(kind, context)
        messages.append(Message(kind, email, subject, body, about=application.reference))
    queue_mails(messages, at=at)
