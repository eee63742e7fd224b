"""The notice that something was written: who gets it is asked when it is written, and it holds no word of a message."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from applications.models import Application
from correspondence.domain.addresses import new_address
from correspondence.enums import Side
from correspondence.models import Conversation
from correspondence.models import Message as WrittenMessage
from correspondence.permissions import may_answer, may_discuss
from correspondence.queries import officers
from hubportal.accounts.models import User
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mail, queue_mails
from organisations.queries import people_who_speak_for


class LeftOut(NamedTuple):
    """A file that came by mail and was not taken; without a reason it is only named beside the message."""

    name: str
    reason: str = ""


def tell(
    application: Application, side: Side, conversations: Sequence[Conversation], *, at: datetime
) -> None:
    """Tell who reads for the other side that there is a message: one mail per mailbox, or one per conversation to who answers by mail."""
    if side == Side.OFFICE:
        readers = _one_per_mailbox(applicants_of(application))
        mails = [
            each for reader in readers for each in _to_applicant(application, reader, conversations, at=at)
        ]
    else:
        page = address_of("admin:message_conversations", application.reference)
        mails = [
            _notice("message_to_office", application, each, page)
            for each in _one_per_mailbox(officers_of(application))
        ]
    queue_mails(mails, at=at)


def tell_left_out(message: WrittenMessage, files: Sequence[LeftOut], *, at: datetime) -> None:
    """Tell who answered by mail which files were not taken, and why; their message is there all the same."""
    kind, reader, conversation = "answer_file_left_out", message.written_by, message.conversation
    about = conversation.application.reference
    page = address_of("correspondence:conversation", about, conversation.number)
    subject, body = compose(kind, {"reader": reader, "reference": about, "files": files, "address": page})
    queue_mail(kind=kind, recipient=reader.email, subject=subject, body=body, about=about, at=at)


def applicants_of(application: Application) -> list[User]:
    """Return who writes about an application for its applicants, and can log in."""
    speakers = people_who_speak_for(application.coalition.lead_organisation_id).filter(is_active=True)
    return [each for each in speakers.order_by("pk") if may_discuss.allows(each, application)]


def officers_of(application: Application) -> list[User]:
    """Return the officers who may read and answer messages about an application now."""
    return [each for each in officers() if may_answer.allows(each, application)]


def _one_per_mailbox(people: Iterable[User]) -> Iterable[User]:
    return {each.mailbox or each.email: each for each in people}.values()


def _to_applicant(
    application: Application, reader: User, conversations: Sequence[Conversation], *, at: datetime
) -> list[Message]:
    kind, reference = "message_to_applicants", application.reference
    addresses = [(each, new_address(each, reader, at=at)) for each in conversations]
    if all(address for _each, address in addresses):
        return [
            _notice(
                kind,
                application,
                reader,
                address_of("correspondence:conversation", reference, each.number),
                address,
                number=each.number,
            )
            for each, address in addresses
        ]
    # An answer by mail reaches the office; in the portal it stays with the application.
    page, answers = address_of("correspondence:conversations", reference), application.call.contact_email
    return [_notice(kind, application, reader, page, answers)]


def _notice(
    kind: str,
    application: Application,
    reader: User,
    page: str,
    answers: str = "",
    *,
    number: int | None = None,
) -> Message:
    """Return a notice; with the ``number`` of a conversation, answers to it go there."""
    about = application.reference
    context = {"reader": reader, "reference": about, "answers": answers, "address": page, "number": number}
    subject, body = compose(kind, context)
    return Message(kind, reader.email, subject, body, about=about, reply_to=answers)
