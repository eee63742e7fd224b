"""The mails that bring a letter and its copies."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from hubportal.kernel.clock import local_date, local_moment
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import AttachedFile, Message, queue_anew, queue_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.days import days_before, replaces
from letters.domain.placeholders import fill_in
from letters.enums import Part
from letters.models import Letter, Recipient
from letters.queries import goes_by_post_after_all

# Before midnight, and longer than handing over one mail takes: a letter is not sent on another day than it is dated.
LAST_MINUTES = timedelta(minutes=5)


def last_moment(at: datetime) -> datetime:
    """Return the moment from which a letter that is dated on the day of ``at`` is not sent any more (rule 34)."""
    return local_moment(local_date(at) + timedelta(days=1)) - LAST_MINUTES


def queue_letter(letter: Letter, *, at: datetime) -> OutgoingMail:
    """Mail the letter to its addressee, on the day it is dated, and return the mail (rules 19 and 34)."""
    recipient = letter.recipients.get(part=Part.ORIGINAL)
    recipient.mail = queue_mails([_message(recipient, letter, at=at)], at=at)[0]
    recipient.save(update_fields=["mail"])
    return recipient.mail


def queue_letter_anew(letter: Letter, *, at: datetime) -> None:
    """Let the mail to the addressee, which was not sent, bring the letter as it is dated now."""
    assert letter.mail is not None
    queue_anew(letter.mail, _message(letter.recipients.get(part=Part.ORIGINAL), letter, at=at), at=at)


def queue_copies(letter: Letter, *, at: datetime) -> None:
    """Mail a copy of a letter that was sent to each of the others: never of one that is still to be dated anew."""
    assert letter.document is not None
    # Sent once more on its day after it came back: they have it.
    have_it = Q(mail__attachments__stored_as=letter.document.stored_as)
    copies = list(letter.recipients.filter(part=Part.COPY).exclude(have_it).order_by("pk"))
    mails = queue_mails([_message(each, letter, at=at) for each in copies], at=at)
    for each, mail in zip(copies, mails, strict=True):
        each.mail = mail
    Recipient.objects.bulk_update(copies, ["mail"])


def queue_copy_anew(recipient: Recipient, letter: Letter, *, email: str, at: datetime) -> None:
    """Mail a copy that came back to another address, within the act that has locked and checked it."""
    recipient.email = email
    recipient.mail = queue_mails([_message(recipient, letter, at=at)], at=at)[0]
    recipient.save(update_fields=["email", "mail"])


def queue_posted(letter: Letter, *, to: Collection[str] | None, at: datetime) -> None:
    """Tell the addressee by mail that the letter was posted, within the act that records it: without the letter.

    At other addresses where ``to`` names them: at none, where it names none.
    """
    recipient = letter.recipients.get(part=Part.ORIGINAL)
    addressee = json.loads(bytes(letter.content))["addressee"]
    subject, body = compose(
        "letter_posted",
        {
            "reference": letter.about,
            "addressee": ", ".join([addressee["name"], *addressee["lines"]]),
            "came_back": goes_by_post_after_all(letter),
            "replaces": _replaces(letter),
            "address": address_of(letter.text.kind.portal_page, letter.about),
        },
    )
    messages = [
        Message(kind="letter_posted", recipient=each, subject=subject, body=body, about=letter.about)
        for each in ([recipient.email] if to is None else to)
    ]
    for mail in queue_mails(messages, at=at):
        if mail.recipient == recipient.email:
            recipient.mail = mail
            recipient.save(update_fields=["mail"])


def file_name(letter: Letter) -> str:
    """Return the file name of the letter: ``besluit-CRP24-0001.pdf``."""
    return f"{letter.text.kind.noun.lower()}-{letter.about}.pdf"


def _replaces(letter: Letter) -> str:
    """Return which letters the reader may hold that count no more: an earlier one, and this one as it was dated before."""
    assert letter.document is not None
    days = days_before(letter, letter.document.supersedes.order_by("pk").last())
    if letter.supersedes is not None and letter.supersedes.dated_on is not None:
        days = [letter.supersedes.dated_on, *days]
    return replaces(days)


def _message(recipient: Recipient, letter: Letter, *, at: datetime) -> Message:
    assert letter.document is not None
    kind, is_copy = letter.text.kind, recipient.part == Part.COPY
    values = {"reference": letter.about}
    context = {
        "subject": fill_in(kind.copy_subject if is_copy else kind.mail_subject, values),
        "text": fill_in(kind.copy_text if is_copy else kind.mail_text, values),
        "replaces": _replaces(letter),
        "address": "" if is_copy else address_of(kind.portal_page, letter.about),
        "verification": address_of("documents:verify"),
        "code": letter.document.verification_code,
    }
    subject, body = compose("letter", context)
    return Message(
        kind="letter_copy" if is_copy else "letter",
        recipient=recipient.email,
        subject=subject,
        body=body,
        about=letter.about,
        attachments=[AttachedFile(letter.document.stored_as, file_name(letter))],
        send_before=None if is_copy else last_moment(at),
    )
