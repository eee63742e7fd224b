"""Letters that came back: they were not sent, and go once more (rule 34).

A decision is in force once it is notified to whom it is for, and the term to object begins the day after (Awb 3:40, 3:41
and 6:8). A letter that came back was not: it is dated, sent and copied anew, and its term runs from the sending that
arrived.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.storage import supersede
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.mail.domain.outbox import give_up
from hubportal.mail.models import OutgoingMail
from letters.domain import mails
from letters.domain.producing import MakePdf, make_document
from letters.enums import Channel, Part
from letters.events import BOUNCED, BY_POST_ASKED, OPENED, SEND_ANEW_ASKED, SENT_ANEW
from letters.models import Letter
from letters.queries import (
    did_not_arrive,
    goes_by_post_after_all,
    latest_letters,
    letters_that_came_back,
    letters_to_send_anew,
)


class NotInTrouble(RuleViolation):
    """A letter that is on its way, or arrived, is not sent once more."""


@transaction.atomic(durable=True)
def note_bounce(*, letter_id: int, at: datetime) -> bool:
    """Record that a letter came back: it does not count as sent any more, and no term runs. Idempotent.

    Returns ``False`` if there is nothing to record or another worker holds the lock.
    """
    letter = (
        letters_that_came_back()
        .select_for_update(of=("self", "mail"), skip_locked=True)
        .select_related("mail")
        .filter(pk=letter_id)
        .first()
    )
    # Once more under the lock: it may have been replaced since.
    if letter is None or letter.mail is None or not letters_that_came_back().filter(pk=letter_id).exists():
        return False
    letter.sent_at, letter.bounced_at = None, letter.mail.bounced_at
    letter.times_bounced += 1
    letter.save(update_fields=["sent_at", "bounced_at", "times_bounced"])
    record(BOUNCED, subject=letter, actor=None, at=at)
    return True


def ask_to_send_anew(*, letter_id: int, email: str, reason: str, actor: User, at: datetime) -> Letter:
    """Have a letter in trouble sent once more, to this address. Idempotent.

    Within the act of an app, which has checked that the actor is of the office and that the case is open to them. What the
    letter is about stays as it was written and sealed. Raises ``NotInTrouble``, and ``RuleViolation`` without a reason.
    """
    letter, mail = _locked_with_mail(letter_id)
    recipient = letter.recipients.get(part=Part.ORIGINAL)
    if letter.resend_asked_at is not None and recipient.email == email:
        return letter
    if not did_not_arrive(letter) or not latest_letters().filter(pk=letter.pk).exists():
        raise NotInTrouble(_("This letter is on its way or has arrived, so it is not sent once more."))
    if not is_filled(reason):
        raise RuleViolation(_("Write down why you send the letter once more."), field="reason")
    give_up(mail)
    letter.resend_asked_at, letter.resend_reason = at, reason.strip()
    letter.save(update_fields=["resend_asked_at", "resend_reason"])
    facts = {"other_address": recipient.email != email}
    recipient.email = email
    recipient.save(update_fields=["email"])
    record(SEND_ANEW_ASKED, subject=letter, actor=actor, at=at, facts=facts)
    return letter


def ask_to_send_by_post(*, letter_id: int, reason: str, actor: User, at: datetime) -> Letter:
    """Have a letter go on paper whose mail came back: it waits for the post, and is sent once that is recorded. Idempotent.

    It stays a document, as it was told before; it is printed with the day of its post. Within the act of an app, which has
    checked that the actor is of the office, that the case is open to them, and that the letter carries a postal address that
    the applicant gave. Raises ``NotInTrouble``, and ``RuleViolation`` without a reason.
    """
    letter, mail = _locked_with_mail(letter_id)
    if goes_by_post_after_all(letter):
        return letter
    if not did_not_arrive(letter) or not latest_letters().filter(pk=letter.pk).exists():
        raise NotInTrouble(_("This letter is on its way or has arrived, so it is not sent once more."))
    if not is_filled(reason):
        raise RuleViolation(_("Write down why you send the letter by post."), field="reason")
    give_up(mail)
    letter.channel, letter.resend_reason = Channel.POST, reason.strip()
    letter.save(update_fields=["channel", "resend_reason"])
    record(BY_POST_ASKED, subject=letter, actor=actor, at=at)
    return letter


def _locked_with_mail(letter_id: int) -> tuple[Letter, OutgoingMail]:
    """Lock a letter and the mail that brought it: the office may be settling that."""
    mailed = Letter.objects.filter(mail__attempts__gte=0).select_related("mail")
    letter = mailed.select_for_update(of=("self", "mail")).filter(pk=letter_id).first()
    if letter is None or letter.mail is None:
        raise NotInTrouble(_("This letter has not been made yet."))
    return letter, letter.mail


@transaction.atomic(durable=True)
def send_anew(*, letter_id: int, make_pdf: MakePdf, at: datetime) -> bool:
    """Queue a letter once more, dated on the day of now; its copies follow when it is sent. Idempotent.

    On another day its document of before is superseded. Returns ``False`` if there is nothing to send, in the last minutes
    of a day, or if another worker holds the lock.
    """
    if at >= mails.last_moment(at):
        return False
    letter = (
        letters_to_send_anew(at=at)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("mail", "document", "text__kind", "text__call", "supersedes")
        .filter(pk=letter_id)
        .first()
    )
    # Once more under the lock: it may have been replaced since.
    if (
        letter is None
        or letter.document is None
        or not letters_to_send_anew(at=at).filter(pk=letter_id).exists()
    ):
        return False
    if letter.dated_on != local_date(at):
        before = letter.document
        letter.document = make_document(letter, make_pdf, at=at)
        supersede(document=before, by=letter.document, at=at)
        letter.times_dated_anew += 1
        letter.save(update_fields=["document", "dated_on", "objection_deadline_on", "times_dated_anew"])
    letter.mail = mails.queue_letter(letter, at=at)
    letter.resend_asked_at = None
    letter.save(update_fields=["mail", "resend_asked_at"])
    record(SENT_ANEW, subject=letter, actor=None, at=at, facts={"document": letter.document.pk})
    return True


def note_opening(*, letter_id: int, actor: User, at: datetime) -> bool:
    """Record that the addressee opened a letter for the first time. Idempotent.

    Within the act of an app, which has checked that the letter is for the actor. Returns whether it was the first time.
    """
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    if letter.first_opened_at is not None or letter.document_id is None:
        return False
    letter.first_opened_at = at
    letter.save(update_fields=["first_opened_at"])
    record(OPENED, subject=letter, actor=actor, at=at)
    return True
