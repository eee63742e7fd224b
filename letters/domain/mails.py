"""The mails that bring a letter and its copies."""

from datetime import datetime

from hubportal.kernel.dates import dutch_day
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import AttachedFile, queue_mail
from hubportal.mail.models import OutgoingMail
from letters.domain.placeholders import fill_in
from letters.enums import Part
from letters.models import Letter, Recipient


def queue_letter(letter: Letter, *, at: datetime) -> OutgoingMail:
    """Mail the letter to each of its recipients, and return the mail to the addressee (rule 19)."""
    mails = {each.part: _queue(each, letter, at=at) for each in letter.recipients.order_by("-part", "pk")}
    return mails[Part.ORIGINAL]


def file_name(letter: Letter) -> str:
    """Return the file name of the letter: ``besluit-CRP24-0001.pdf``."""
    return f"{letter.text.kind.noun.lower()}-{letter.about}.pdf"


def _queue(recipient: Recipient, letter: Letter, *, at: datetime) -> OutgoingMail:
    assert letter.document is not None
    kind, is_copy = letter.text.kind, recipient.part == Part.COPY
    values = {"reference": letter.about}
    replaced = letter.supersedes.dated_on if letter.supersedes else None
    context = {
        "subject": fill_in(kind.copy_subject if is_copy else kind.mail_subject, values),
        "text": fill_in(kind.copy_text if is_copy else kind.mail_text, values),
        "replaces": dutch_day(replaced) if replaced else "",
        "address": "" if is_copy else address_of(kind.portal_page, letter.about),
        "verification": address_of("documents:verify"),
        "code": letter.document.verification_code,
    }
    subject, body = compose("letter", context)
    recipient.mail = queue_mail(
        kind="letter_copy" if is_copy else "letter",
        recipient=recipient.email,
        subject=subject,
        body=body,
        about=letter.about,
        at=at,
        attachments=[AttachedFile(letter.document.stored_as, file_name(letter))],
    )
    recipient.save(update_fields=["mail"])
    return recipient.mail
