"""Writing to the other side, which reads it from its delivery on (rules 22 and 38)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.attachments import inspect_to_read_at_once
from applications.domain.locking import locked_for
from applications.enums import Status
from applications.models import Application
from correspondence.domain.addresses import check_is_open
from correspondence.domain.mails import LeftOut, tell_left_out
from correspondence.domain.waiting import settle_waiting
from correspondence.enums import BY_MAIL, Side
from correspondence.events import WRITTEN
from correspondence.models import AnswerAddress, Conversation, MailedMessage, Message, MessageFile
from correspondence.permissions import may_answer, may_discuss
from correspondence.queries import message_sent_with, messages_by, next_number, seen_in, written_since
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Permission
from hubportal.audit.domain.events import record
from hubportal.documents.domain.files import write_file
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.versions import NewerVersion

LONGEST_SUBJECT, LONGEST_TEXT = 120, 5000
# Begun by one side about one application, and in one conversation: a page shows all of them.
MOST_CONVERSATIONS, MOST_MESSAGES = 50, 100
# Per person, about all applications; an officer answers many.
MOST_A_DAY = {Side.APPLICANTS: 20, Side.OFFICE: 200}
WRITERS: dict[Side, Permission[Application]] = {Side.APPLICANTS: may_discuss, Side.OFFICE: may_answer}


@dataclass(frozen=True)
class Added:
    """A PDF to go with a message, with its name."""

    title: str
    content: bytes


@dataclass(frozen=True)
class ByMail:
    """What a mail brought beside its new words: through which address it came, the rest of it, and why which file was not taken."""

    address: AnswerAddress
    rest: str = ""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Written:
    """What somebody writes: a text, perhaps with a file; sent from a page with the key ``added_with``, or by mail."""

    text: str
    added_with: UUID
    file: Added | None = None
    by_mail: ByMail | None = None


def begin_conversation(
    *, reference: str, side: Side, subject: str, written: Written, actor: User, at: datetime
) -> Message:
    """Write a first message on a subject. Idempotent by the key.

    Raises ``NotAllowed`` unless the actor writes for that side, ``TooMuch``, ``TooBusy``, and ``RuleViolation`` for a file
    that is no sound PDF, for an application that was withdrawn, and for one that has its maximum.
    """
    inspect(reference, side, written, actor)
    return _write_first(reference, side, subject, written, actor=actor, at=at)


def answer(
    *, reference: str, number: int, side: Side, written: Written, seen: str, actor: User, at: datetime
) -> Message:
    """Write in a conversation that was begun. Idempotent by the key.

    Raises what ``begin_conversation`` does, ``DoesNotExist``, and ``NewerVersion`` where something came in since it was
    ``seen``: nobody answers what they have not read, nor what a colleague answered already.
    """
    inspect(reference, side, written, actor)
    return write_on(reference, number, side, written, seen, actor=actor, at=at)


def inspect(reference: str, side: Side, written: Written, sender: User) -> None:
    """Inspect the file of what is written, before its act. Raises ``NotAllowed``, and what ``inspect_to_read_at_once`` does."""
    # Without a lock: it may take seconds. Who sends the same once more is answered by the key.
    if written.file is not None and message_sent_with(sender, written.added_with) is None:
        WRITERS[side].check(sender, Application.objects.get(reference=reference))
        inspect_to_read_at_once(
            written.file.content,
            sender,
            refusal=_(
                "We cannot check files for viruses at the moment. Send your message without the file, or try again later."
            ),
        )


@transaction.atomic(durable=True)
def _write_first(
    reference: str, side: Side, subject: str, written: Written, *, actor: User, at: datetime
) -> Message:
    lock_person(actor)
    application = locked_for(WRITERS[side], actor, reference=reference)
    if earlier := message_sent_with(actor, written.added_with):
        return earlier
    _check_is_read(application, side)
    # Each side has its own: neither can keep the other from beginning one.
    if application.conversations.filter(begun_by=side).count() >= MOST_CONVERSATIONS:
        raise RuleViolation(
            _("You have begun %(most)d conversations about this application. Go on in one of those.")
            % {"most": MOST_CONVERSATIONS}
        )
    _check_quota(side, actor, at=at)
    conversation = Conversation.objects.create(
        application=application,
        number=next_number(application),
        subject=subject,
        begun_by=side,
        begun_at=at,
    )
    return _add(conversation, side, written, actor=actor, at=at)


@transaction.atomic(durable=True)
def write_on(
    reference: str, number: int, side: Side, written: Written, seen: str, *, actor: User, at: datetime
) -> Message:
    """Write what was inspected in a conversation, from a page or by mail. Idempotent by the key. Raises what ``answer`` does."""
    lock_person(actor)
    if written.by_mail is not None:
        check_is_open(written.by_mail.address, actor)
    application = locked_for(WRITERS[side], actor, reference=reference)
    if earlier := message_sent_with(actor, written.added_with):
        return earlier
    conversation = application.conversations.get(number=number)
    _check_is_read(application, side)
    _check_is_seen(conversation, side, written, seen, actor)
    if conversation.messages.count() >= MOST_MESSAGES:
        raise RuleViolation(
            _("This conversation has %(most)d messages. That is the maximum: begin another one.")
            % {"most": MOST_MESSAGES},
            field="text",
        )
    _check_quota(side, actor, at=at)
    return _add(conversation, side, written, actor=actor, at=at)


def _check_is_seen(conversation: Conversation, side: Side, written: Written, seen: str, actor: User) -> None:
    """Refuse what a colleague may have answered already; from a page also what was not read, which a mail cannot know."""
    if written.by_mail is not None:
        up_to = written.by_mail.address.up_to
        if written_since(conversation, up_to, side=side).exclude(written_by=actor).exists():
            raise NewerVersion(
                _(
                    "Somebody else of you has answered meanwhile. Log in and read that first; nothing of your e-mail has been sent."
                ),
                field="text",
            )
    elif seen != seen_in(conversation, side):
        raise NewerVersion(
            _("Something was written here after you opened this page. Read it first; nothing has been sent."),
            field="text",
        )


def _check_is_read(application: Application, side: Side) -> None:
    # Of what is withdrawn nobody of the office may be asked any more to declare interests, so nobody might read it.
    if side == Side.APPLICANTS and application.status == Status.WITHDRAWN:
        raise RuleViolation(
            _(
                "This application has been withdrawn, so nothing is sent here. Ask the programme office by telephone or e-mail."
            )
        )


def _check_quota(side: Side, actor: User, *, at: datetime) -> None:
    check_quota(messages_by(actor), moment="written_at", most=MOST_A_DAY[side], at=at, field="text")


def _add(conversation: Conversation, side: Side, written: Written, *, actor: User, at: datetime) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        number=conversation.messages.count() + 1,
        side=side,
        text=written.text,
        added_with=written.added_with,
        written_at=at,
        written_by=actor,
    )
    if written.file is not None:
        _keep(message, written.file)
    facts: dict[str, str] = {"side": side}
    if written.by_mail is not None:
        _keep_mail(message, written.by_mail, at=at)
        facts["way"] = BY_MAIL
    record(WRITTEN, subject=message, actor=actor, at=at, facts=facts)
    settle_waiting(conversation)
    return message


def _keep_mail(message: Message, by_mail: ByMail, *, at: datetime) -> None:
    MailedMessage.objects.create(
        message=message,
        answers=by_mail.address.up_to,
        rest=by_mail.rest,
        left_out="\n".join(each.name for each in by_mail.left_out),
    )
    if told := [each for each in by_mail.left_out if each.reason]:
        tell_left_out(message, told, at=at)


def _keep(message: Message, added: Added) -> None:
    sha256 = digest(added.content)
    key = f"attachments/messages/{message.conversation.application_id}/{sha256}.pdf"
    # Written before the row: a crash in between leaves an orphaned file, never a row without its file.
    write_file(key, added.content, sha256)
    MessageFile.objects.create(
        message=message,
        title=added.title[:150] or str(_("attachment")),
        stored_as=key,
        sha256=sha256,
        size=len(added.content),
    )
