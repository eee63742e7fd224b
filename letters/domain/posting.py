"""Letters on paper: made on the day that they are posted, and sent once somebody recorded that (rules 19, 26 and 34)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.files import read_file
from hubportal.documents.domain.joining import joined
from hubportal.documents.domain.storage import StoredPdf, register_document, store_pdf, supersede
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.errors import RuleViolation
from letters.domain import mails
from letters.domain.producing import MakePdf, made_on
from letters.events import POST_ASKED, POSTED, PRINTED
from letters.models import Letter, PostRun, PrintedLetter
from letters.queries import letters_to_print, runs_to_bundle
from regions.domain.changes import note_changes

# Later nobody empties a letter box or takes in post that day, and a letter is never older than its sending.
LAST_HOUR_TO_ASK = 20


class NotOfToday(RuleViolation):
    """A letter is dated on another day than it would be posted."""


class InPostOfColleague(RuleViolation):
    """Every letter is in today's post of somebody else: printed by two people, it would go twice."""


def is_too_late_to_post(at: datetime) -> bool:
    """Tell whether a letter that is made now could not be posted today any more."""
    return at >= local_moment(local_date(at), LAST_HOUR_TO_ASK)


def plan_post(*, letters: Collection[Letter], actor: User, at: datetime) -> PostRun:
    """Have these letters made with the date of today, and put together for the actor. Idempotent.

    What is in a colleague's post of today stays there. Within the act of an app, which has seen that the letters wait and are
    open to the actor. Raises ``NotOfToday`` in the evening, and ``InPostOfColleague``.
    """
    if is_too_late_to_post(at):
        raise NotOfToday(
            _(
                "Post is not collected any more today. Ask for the letters tomorrow, so that they get that date."
            )
        )
    today = local_date(at)
    # Yesterday's file is a copy of letters that was for printing alone.
    PostRun.objects.filter(dated_on__lt=today).delete()
    PostRun.objects.bulk_create([PostRun(asked_by=actor, asked_at=at, dated_on=today)], ignore_conflicts=True)
    run = PostRun.objects.select_for_update().get(asked_by=actor, dated_on=today)
    wanted = _in_no_other_post(letters, actor, today)
    if not wanted:
        raise InPostOfColleague(_("All these letters are in a colleague's post of today."))
    if wanted != set(run.letters.values_list("pk", flat=True)):
        run.letters.set(wanted)
        run.asked_at, run.stored_as, run.sha256, run.made_at = at, "", "", None
        run.save(update_fields=["asked_at", "stored_as", "sha256", "made_at"])
        record(POST_ASKED, subject=run, actor=actor, at=at)
    return run


def _in_no_other_post(letters: Collection[Letter], actor: User, today: date) -> set[int]:
    """Lock letters that wait, and return those, by key, that are in nobody else's post of a day."""
    named = Letter.objects.filter(pk__in=[each.pk for each in letters])
    locked = {each.pk for each in named.select_for_update(of=("self",)).order_by("pk")}
    of_others = PostRun.objects.filter(dated_on=today).exclude(asked_by=actor)
    return locked - set(of_others.filter(letters__in=locked).values_list("letters", flat=True))


def leave_post(letters: Collection[Letter]) -> None:
    """Take letters that were recorded as posted out of the posts of the day, so that nobody prints them once more.

    Within the act that recorded all of them. The file of what is left is put together anew.
    """
    with_them = PostRun.objects.filter(letters__in=[each.pk for each in letters]).values("pk")
    for run in PostRun.objects.select_for_update().filter(pk__in=with_them).order_by("pk"):
        run.letters.remove(*letters)
        run.stored_as, run.sha256, run.made_at = "", "", None
        run.save(update_fields=["stored_as", "sha256", "made_at"])


@transaction.atomic(durable=True)
def print_letter(*, letter_id: int, make_pdf: MakePdf, at: datetime) -> bool:
    """Make a letter on paper with the date of today, for who asked to post it today. Idempotent.

    Returns ``False`` if there is nothing to do, in the last minutes of a day, or if another worker holds the lock.
    """
    if at >= mails.last_moment(at):
        return False
    letter = (
        letters_to_print(at=at)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("text__kind", "text__call")
        .filter(pk=letter_id)
        .first()
    )
    # Once more under the lock: another worker may have made it since.
    if letter is None or not letters_to_print(at=at).filter(pk=letter_id).exists():
        return False
    made = made_on(letter, make_pdf, at=at)
    stored = store_pdf(made.pdf)
    printed = PrintedLetter.objects.create(
        letter=letter,
        dated_on=made.dated_on,
        objection_deadline_on=made.objection_deadline_on,
        title=made.title,
        stored_as=stored.name,
        sha256=stored.sha256,
        size=stored.size,
        verification_code=made.code,
        made_at=at,
    )
    record(PRINTED, subject=letter, actor=None, at=at, facts={"print": printed.pk})
    return True


@transaction.atomic(durable=True)
def bundle_post(*, run_id: int, at: datetime) -> bool:
    """Put the letters that somebody posts today in one file, to print them from. Idempotent.

    Returns ``False`` if there is nothing to do, or another worker holds the lock.
    """
    run = runs_to_bundle(at=at).select_for_update(of=("self",), skip_locked=True).filter(pk=run_id).first()
    # Once more under the lock: letters may have joined since.
    if run is None or not runs_to_bundle(at=at).filter(pk=run_id).exists():
        return False
    printed = PrintedLetter.objects.filter(letter__post_runs=run, dated_on=run.dated_on)
    ordered = printed.order_by("letter__released_at", "pk")
    stored = store_pdf(joined(read_file(each.stored_as, each.sha256) for each in ordered))
    run.stored_as, run.sha256, run.made_at = stored.name, stored.sha256, at
    run.save(update_fields=["stored_as", "sha256", "made_at"])
    return True


def post_letter(
    *, printed: PrintedLetter, notice_to: Collection[str] | None = None, actor: User, at: datetime
) -> Letter | None:
    """Record that a letter was posted as it was made: from now on it is sent, a document, and its term runs. Idempotent.

    Within the act of an app, which has checked that the letter is open to the actor. ``notice_to`` are the addresses that are
    told of it, where that is not the addressee's. Returns nothing if that was recorded
    before. Raises ``NotOfToday`` unless it is dated today (rule 34).
    """
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("text__kind", "text__call", "document", "supersedes__document")
        .get(pk=printed.letter_id)
    )
    if letter.sent_at is not None:
        return None
    if printed.dated_on != local_date(at):
        raise NotOfToday(
            _(
                "The letter on %(reference)s is not dated today, so it cannot be recorded as posted. Have it made anew and "
                "post it with today's date."
            )
            % {"reference": letter.about}
        )
    letter.document = _registered(letter, at=at)
    letter.dated_on, letter.objection_deadline_on = printed.dated_on, printed.objection_deadline_on
    letter.sent_at, letter.posted_by, letter.told_at = at, actor, letter.told_at or at
    letter.save(
        update_fields=["document", "dated_on", "objection_deadline_on", "sent_at", "posted_by", "told_at"]
    )
    mails.queue_posted(letter, to=notice_to, at=at)
    mails.queue_copies(letter, at=at)
    if letter.public_in_id is not None:
        note_changes([letter.public_in_id], at=at)
    record(POSTED, subject=letter, actor=actor, at=at, facts={"document": letter.document.pk})
    return letter


def _registered(letter: Letter, *, at: datetime) -> Document:
    """Let the letter be a document, and what was made for earlier days one that it replaces: paper may have left the house.

    One that was mailed before is dated anew with each.
    """
    # What a mail brought before, if this is one that came back.
    current = letter.document or (letter.supersedes.document if letter.supersedes else None)
    for each in letter.prints.order_by("dated_on", "pk"):
        document = register_document(
            kind=DocumentKind.LETTER,
            stored=StoredPdf(each.stored_as, each.sha256, each.size),
            title=each.title,
            about=letter.about,
            dated_on=each.dated_on,
            code=each.verification_code,
            at=at,
        )
        if current is not None:
            supersede(document=current, by=document, at=at)
        if letter.document is not None:
            letter.document, letter.dated_on = document, each.dated_on
            letter.objection_deadline_on = each.objection_deadline_on
            letter.times_dated_anew += 1
            letter.save(update_fields=["document", "dated_on", "objection_deadline_on", "times_dated_anew"])
        current = document
    assert current is not None  # what is posted was made first
    return current
