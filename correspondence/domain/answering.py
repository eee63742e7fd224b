"""Answering a notice by mail: judged when it is received, by the act that the page calls (rules 22, 26, 38 and 43)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from applications.domain.attachments import NotScanned
from correspondence.domain.addresses import is_theirs, secret_of, without_secrets
from correspondence.domain.mails import LeftOut
from correspondence.domain.writing import Added, ByMail, Written, inspect, write_on
from correspondence.enums import Side
from correspondence.models import AnswerAddress, Message
from correspondence.permissions import may_discuss
from correspondence.queries import address_with
from hubportal.documents.domain.bounded import TooBusy
from hubportal.kernel.errors import NotAllowed, RuleViolation

LONGEST_REST = 50_000
# Files of one mail that are looked into, until one is sound.
_MOST_INSPECTED = 3


class NotKnown(Exception):  # noqa: N818 -- it names what the address is
    """An address that takes nothing from this sender: unknown, ended, or of somebody else. Which of these is told to nobody (rule 26)."""


@dataclass(frozen=True)
class Mail:
    """What a mail says, as far as it becomes a message: to which address and from whom, its new words and the rest, its files."""

    recipient: str
    sender: str
    message_id: str
    text: str
    rest: str = ""
    files: Sequence[Added] = ()
    # Pictures among the words, such as a logo: not taken, and nobody is mailed about them.
    pictures: Sequence[str] = ()


def open_address(*, recipient: str, sender: str) -> AnswerAddress:
    """Return the address to which a mail went, if it takes mail from this sender now. Raises ``NotKnown``."""
    address = address_with(secret_of(recipient))
    if (
        address is None
        or not is_theirs(address, address.person, sender=sender)
        or not may_discuss.allows(address.person, address.conversation.application)
    ):
        raise NotKnown
    return address


def answer_by_mail(*, mail: Mail, at: datetime) -> Message:
    """Write what a mail says in the conversation of its address. Idempotent by the number of the mail.

    A file that is refused does not keep the words out: its sender is told. Raises ``NotKnown``, ``TooBusy`` and ``NotScanned``
    for what can be tried again, and what ``answer`` raises beside these.
    """
    address = open_address(recipient=mail.recipient, sender=mail.sender)
    try:
        return _write_mailed(address, mail, at=at)
    except (NotAllowed, ObjectDoesNotExist) as ended:
        raise NotKnown from ended


def _write_mailed(address: AnswerAddress, mail: Mail, *, at: datetime) -> Message:
    # Of this conversation: one mail to two addresses is a message in each.
    key = uuid5(NAMESPACE_URL, f"mid:{mail.message_id}/{address.conversation_id}")
    by_mail = ByMail(address, _shown(mail.rest))
    written = Written(without_secrets(mail.text), key)
    reference = address.conversation.application.reference
    file, left_out = _first_sound(reference, written, address, mail.files)
    left_out += [LeftOut(each) for each in mail.pictures]
    return write_on(
        reference,
        address.conversation.number,
        Side.APPLICANTS,
        replace(written, file=file, by_mail=replace(by_mail, left_out=tuple(left_out))),
        "",
        actor=address.person,
        at=at,
    )


def _first_sound(
    reference: str, written: Written, address: AnswerAddress, files: Sequence[Added]
) -> tuple[Added | None, list[LeftOut]]:
    """Return the first file that is taken, and the others with why they are not."""
    taken, left_out = None, []
    for number, file in enumerate(files):
        if taken is not None or number >= _MOST_INSPECTED:
            reason = _("One file goes with a message. Send this one with another answer.")
            left_out.append(LeftOut(file.title, reason))
            continue
        try:
            inspect(reference, Side.APPLICANTS, replace(written, file=file), address.person)
        except (NotAllowed, TooBusy, NotScanned):
            raise
        except RuleViolation as refusal:
            left_out.append(LeftOut(file.title, str(refusal)))
        else:
            taken = file
    return taken, left_out


def _shown(rest: str) -> str:
    """Return the rest of a mail as it is kept: without what opens a conversation, and not endless."""
    kept = without_secrets(rest)
    return kept if len(kept) <= LONGEST_REST else f"{kept[:LONGEST_REST]} […]"
