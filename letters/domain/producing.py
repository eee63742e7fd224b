"""Producing a released letter, and fixing the moment it was sent (rule 19)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from hubportal.audit.domain.events import record
from hubportal.documents.domain.storage import new_verification_code, store_document, supersede
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from hubportal.kernel.clock import local_date
from hubportal.kernel.periods import objection_deadline
from letters.domain import mails
from letters.domain.days import words_on_its_day
from letters.domain.structure import Content
from letters.enums import Channel
from letters.events import DATED_ANEW, MADE, SENT
from letters.models import Letter
from letters.queries import letters_just_sent, letters_too_late
from regions.domain.changes import note_changes

MakePdf = Callable[[Content, str, datetime], bytes]


@transaction.atomic(durable=True)
def produce_letter(
    *, letter_id: int, make_pdf: MakePdf, at: datetime, together_with: Callable[[Letter], None]
) -> bool:
    """Produce a released letter by e-mail atomically: PDF, stored document and the mail to the addressee. Idempotent.

    ``together_with`` is called last, in the same transaction. Returns ``False`` if it was produced already or another
    worker holds the lock, and in the last minutes of a day. The letter is dated on the day it is made, which is the day it
    is sent (rule 34).
    """
    if at >= mails.last_moment(at):
        return False
    letter = (
        Letter.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("text__kind", "text__call", "supersedes__document")
        .filter(pk=letter_id, document=None, channel=Channel.EMAIL)
        .first()
    )
    if letter is None:
        return False
    letter.document = make_document(letter, make_pdf, at=at)
    letter.mail = mails.queue_letter(letter, at=at)
    letter.save(update_fields=["document", "dated_on", "objection_deadline_on", "mail"])
    if letter.supersedes is not None:
        assert letter.supersedes.document is not None  # only what was sent is corrected
        supersede(document=letter.supersedes.document, by=letter.document, at=at)
    together_with(letter)
    record(MADE, subject=letter, actor=None, at=at, facts={"document": letter.document.pk})
    return True


def make_document(letter: Letter, make_pdf: MakePdf, *, at: datetime) -> Document:
    """Date the letter on the day of a moment, and return it as a stored document."""
    made = made_on(letter, make_pdf, at=at)
    letter.dated_on, letter.objection_deadline_on = made.dated_on, made.objection_deadline_on
    return store_document(
        kind=DocumentKind.LETTER,
        pdf=made.pdf,
        title=made.title,
        about=letter.about,
        dated_on=made.dated_on,
        code=made.code,
        at=at,
    )


class Made(NamedTuple):
    """A letter with the day of its sending, and what follows from it."""

    dated_on: date
    objection_deadline_on: date | None
    title: str
    code: str
    pdf: bytes


def made_on(letter: Letter, make_pdf: MakePdf, *, at: datetime) -> Made:
    """Return the letter as it is when it is dated on the day of a moment."""
    today = local_date(at)
    last_day = deadline_for(letter, sent_on=today)
    words = words_on_its_day(letter, deadline_on=last_day, before=letter.document, at=at)
    code = new_verification_code()
    return Made(today, last_day, words["subject"], code, make_pdf(words, code, at))


@transaction.atomic(durable=True)
def date_anew(*, letter_id: int, make_pdf: MakePdf, at: datetime) -> bool:
    """Make a letter anew whose mail could not go on the day it was dated, with the day of now (rule 34). Idempotent.

    The document of before is superseded, and nothing of it was sent. Returns ``False`` if there is nothing to do, in the
    last minutes of a day, or if another worker holds the lock.
    """
    if at >= mails.last_moment(at):
        return False
    letter = (
        letters_too_late(at=at)
        .select_for_update(of=("self", "mail"), skip_locked=True)
        .select_related("mail", "document", "text__kind", "text__call", "supersedes")
        .filter(pk=letter_id)
        .first()
    )
    if letter is None or letter.document is None:
        return False
    before = letter.document
    letter.document = make_document(letter, make_pdf, at=at)
    supersede(document=before, by=letter.document, at=at)
    letter.times_dated_anew += 1
    letter.save(update_fields=["document", "dated_on", "objection_deadline_on", "times_dated_anew"])
    mails.queue_letter_anew(letter, at=at)
    record(DATED_ANEW, subject=letter, actor=None, at=at, facts={"document": letter.document.pk})
    return True


@transaction.atomic(durable=True)
def fix_moment_of_sending(*, letter_id: int, at: datetime) -> bool:
    """Record when a letter was sent, from its mail to the addressee; the term starts there, and the copies go. Idempotent.

    Returns ``False`` if it is recorded already, the mail was not sent, or another worker holds the lock.
    """
    letter = (
        letters_just_sent()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("mail", "document", "text__kind", "text__call", "supersedes")
        .filter(pk=letter_id)
        .first()
    )
    if letter is None or letter.mail is None or letter.mail.sent_at is None:
        return False
    letter.sent_at = letter.mail.sent_at
    letter.told_at = letter.told_at or letter.sent_at
    letter.objection_deadline_on = deadline_for(letter, sent_on=local_date(letter.sent_at))
    letter.save(update_fields=["sent_at", "told_at", "objection_deadline_on"])
    mails.queue_copies(letter, at=at)
    if letter.public_in_id is not None:
        note_changes([letter.public_in_id], at=at)
    record(SENT, subject=letter, actor=None, at=at)
    return True


def deadline_for(letter: Letter, *, sent_on: date) -> date | None:
    """Return the last day to object to a letter sent on a day (Awb 6:7 and 6:8), if one can object to it."""
    if not letter.text.kind.names_objection_term:
        return None
    return objection_deadline(sent_on, weeks=letter.text.call.objection_weeks)
