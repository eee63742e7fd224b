"""The mails that bring a letter and its copies."""

from datetime import datetime

from hubportal.kernel.dates import dutch_day
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import AttachedFile, Message, queue_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.placeholders import fill_in
from letters.enums import Part
from letters.models import Letter, Recipient


def queue_letter(letter: Letter, *, at: datetime) -> OutgoingMail:
    """Mail the letter to each of its recipients, and return the mail to the addressee (rule 19)."""
    recipients = list(letter.recipients.order_by("-part", "pk"))
    for each, mail in zip(
        recipients, queue_mails([_message(r, letter) for r in recipients], at=at), strict=True
    ):
        each.mail = mail
    Recipient.objects.bulk_update(recipients, ["mail"])
    (original,) = (each.mail for each in recipients if each.part == Part.ORIGINAL)
    assert original is not None
    return original


def file_name(letter: Letter) -> str:
    """Return the file name of the letter: ``besluit-CRP24-0001.pdf``."""
    return f"{letter.text.kind.noun.lower()}-{letter.about}.pdf"


def _message(recipient: Recipient, letter: Letter) -> Message:
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
    return Message(
        kind="letter_copy" if is_copy else "letter",
        recipient=recipient.email,
        subject=subject,
        body=body,
        about=letter.about,
        attachments=[AttachedFile(letter.document.stored_as, file_name(letter))],
    )
