"""Releasing and producing the letter of a decision (rules 14 and 19)."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.enums import MoveReason, Status
from applications.models import Application
from decisions.domain.letter_facts import matter_of
from decisions.models import Decision
from decisions.permissions import may_tell_decision
from hubportal.accounts.models import User
from hubportal.accounts.queries import is_one_person
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import NotAllowed, RuleViolation
from letters.domain.composing import fingerprint
from letters.domain.producing import MakePdf, produce_letter
from letters.domain.releasing import release_letter
from letters.models import Letter
from letters.permissions import may_release
from letters.queries import goes_by_post_after_all
from reviews.queries import interested_in, reviews_out


class LetterChanged(RuleViolation):
    """The letter would say something else than was shown."""


class DecisionGone(RuleViolation):
    """The decision was taken back meanwhile."""


@transaction.atomic(durable=True)
def release_letter_of_decision(*, decision_id: int, seen: str, actor: User, at: datetime) -> Letter:
    """Release the letter of a decision that another person recorded. Idempotent.

    ``seen`` is the ``fingerprint`` of the letter that the actor read; its words are frozen here, and a job produces it.
    Raises ``LetterChanged`` if it would say something else, or go to somebody else, ``NotAllowed`` unless the actor is a releaser who may read
    the application, and neither reviewed it nor recorded the decision (two-person rule), ``DecisionGone``, and
    ``RuleViolation`` as ``check_untied`` does.
    """
    # The application first: an interest that is recorded meanwhile stops the release.
    Application.objects.select_for_update(of=("self",)).filter(decision=decision_id).first()
    decision = locked_decision(decision_id)
    may_tell_decision.check(actor, decision.application)
    check_second_person(actor, decision.recorded_by)
    if decision.letter is not None:
        return decision.letter
    check_untied(decision)
    matter = matter_of(decision)
    check_seen(fingerprint(matter, on=local_date(at)), seen)
    decision.letter = release_letter(matter=matter, recorded_by=decision.recorded_by, actor=actor, at=at)
    decision.save(update_fields=["letter"])
    return decision.letter


def check_no_review_out(decision: Decision) -> None:
    """Raise ``RuleViolation`` while the advice rests on a review that an interest took out (rule 29)."""
    if reviews_out().filter(application=decision.application_id).exists():
        raise RuleViolation(
            _(
                "A reviewer turned out to have an interest after the advice was adopted. The letter can be released once "
                "the chair has settled this."
            )
        )


def check_untied(decision: Decision) -> None:
    """Raise ``RuleViolation`` while a letter rests on what somebody with an interest did, which no measure opens (rule 29).

    On a review that an interest took out, on advice adopted by a chair, or on a decision recorded by an officer, whose
    interest was declared or found since (Awb 2:4).
    """
    check_no_review_out(decision)
    interested = interested_in(decision.application_id)
    if interested.filter(pk=decision.advice.fixed_by_id).exists():
        raise RuleViolation(
            _(
                "The chair who adopted the advice turned out to have an interest. The letter can be released once the other "
                "chair has recorded a measure, or has taken the advice back and adopted it anew."
            )
        )
    check_recorder_untied(decision.application_id, decision.recorded_by_id)


def check_recorder_untied(application_id: int, recorder_id: int) -> None:
    """Raise ``RuleViolation`` when who recorded what a letter tells has an interest that no measure opens (rule 29)."""
    if interested_in(application_id).filter(pk=recorder_id).exists():
        raise RuleViolation(
            _(
                "The officer who recorded this turned out to have an interest. Send it back, so that another officer records "
                "it anew. If the chair records a measure, the letter can be released."
            )
        )


def check_second_person(actor: User, recorder: User) -> None:
    """Raise ``NotAllowed`` unless the actor releases letters and is somebody else, also by mailbox (rules 19 and 28)."""
    may_release.check(actor, recorded_by_id=recorder.pk)
    if is_one_person(actor, recorder):
        raise NotAllowed(
            _(
                "Your e-mail address is the mailbox of who recorded this, so someone else must release the letter."
            )
        )


def check_seen(letter: str, seen: str) -> None:
    """Raise ``LetterChanged`` unless the letter with this fingerprint is the one that was seen."""
    if letter != seen:
        raise LetterChanged(
            _("The letter changed after you opened the page, so nothing has been done. Read it again.")
        )


def produce_letter_of_decision(*, letter_id: int, make_pdf: MakePdf, at: datetime) -> bool:
    """Produce a released letter, its mails and the application's final status, atomically. Idempotent.

    Returns ``False`` if it was produced already or another worker holds the lock. Raises ``RuleViolation`` as
    ``check_untied`` does for an interest that came up after the release: it waits until that is settled (rule 29).
    """
    return produce_letter(
        letter_id=letter_id, make_pdf=make_pdf, at=at, together_with=partial(_tell_untied, at=at)
    )


def _tell_untied(letter: Letter, *, at: datetime) -> None:
    decision = Decision.objects.select_related("advice").filter(letter=letter).first()
    # Locked first: an interest that is recorded meanwhile stops the letter, as it does the release.
    application = Application.objects.select_for_update(of=("self",)).get(reference=letter.about)
    if decision is not None:
        check_untied(decision)
    elif letter.supersedes_id is not None:
        check_recorder_untied(application.pk, letter.recorded_by_id)
    tell_application(letter, at=at)


def locked_decision(decision_id: int) -> Decision:
    """Lock a decision, within an act on it. Raises ``DecisionGone``."""
    # Does not join the letter: another release may write it while this one waits for the lock.
    found = (
        Decision.objects.select_for_update(of=("self",))
        .select_related(
            "application__call",
            "application__coalition__region",
            "application__coalition",
            "application__review_round",
            "application__people",
            "advice",
            "ground",
            "recorded_by",
        )
        .filter(pk=decision_id)
        .first()
    )
    if found is None:
        raise DecisionGone(_("This decision has been taken back, so its letter cannot be released."))
    return found


def tell_application(letter: Letter, *, at: datetime, why: MoveReason = MoveReason.LETTER_PRODUCED) -> None:
    """Move the application of a letter to the status that the letter tells, within the act that makes or posts it."""
    if letter.supersedes_id is not None or goes_by_post_after_all(letter):
        # The earlier letter announced the decision already, or this one did before it came back.
        return
    decision = Decision.objects.get(letter=letter)
    application = Application.objects.select_for_update().get(pk=decision.application_id)
    lifecycle.move(application, to=Status(decision.outcome), actor=None, at=at, why=why)
