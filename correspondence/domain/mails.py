"""The notice that something was written: who gets it is asked when it is written, and it holds no word of a message."""

from collections.abc import Iterable
from datetime import datetime

from applications.models import Application
from correspondence.enums import Side
from correspondence.permissions import may_answer, may_discuss
from correspondence.queries import officers
from hubportal.accounts.models import User
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from organisations.queries import people_who_speak_for


def tell(application: Application, side: Side, *, at: datetime) -> None:
    """Tell who reads for the other side that there is a message, once per mailbox."""
    if side == Side.OFFICE:
        # An answer by mail reaches the office; in the portal it stays with the application.
        page, answers = (
            address_of("correspondence:conversations", application.reference),
            application.call.contact_email,
        )
        _queue("message_to_applicants", application, applicants_of(application), page, answers, at=at)
    else:
        page = address_of("admin:message_conversations", application.reference)
        _queue("message_to_office", application, officers_of(application), page, "", at=at)


def applicants_of(application: Application) -> list[User]:
    """Return who writes about an application for its applicants, and can log in."""
    speakers = people_who_speak_for(application.coalition.lead_organisation_id).filter(is_active=True)
    return [each for each in speakers.order_by("pk") if may_discuss.allows(each, application)]


def officers_of(application: Application) -> list[User]:
    """Return the officers who may read and answer messages about an application now."""
    return [each for each in officers() if may_answer.allows(each, application)]


def _queue(
    kind: str, application: Application, people: Iterable[User], page: str, answers: str, *, at: datetime
) -> None:
    each_once = {each.mailbox or each.email: each for each in people}
    messages = []
    for reader in each_once.values():
        context = {"reader": reader, "reference": application.reference, "answers": answers, "address": page}
        subject, body = compose(kind, context)
        about = application.reference
        messages.append(Message(kind, reader.email, subject, body, about=about, reply_to=answers))
    queue_mails(messages, at=at)
