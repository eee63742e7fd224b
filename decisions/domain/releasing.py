"""Releasing and producing the letter of a decision (rules 14 and 19)."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.enums import MoveReason, Status
from applications.models import Application
from coalitions.mailboxes import mailbox
from decisions.domain.letter_facts import matter_of
from decisions.enums import LetterOfDecision
from decisions.models import Decision
from decisions.permissions import may_correct_letter, may_tell_decision
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import NotAllowed, RuleViolation
from letters.domain.composing import Matter, fingerprint
from letters.domain.correcting import NotCorrectable, record_correction
from letters.domain.producing import MakePdf, produce_letter
from letters.domain.releasing import release_letter
from letters.models import Correction, Letter
from letters.permissions import may_release
from letters.queries import current
from reviews.queries import reviews_out


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
    ``RuleViolation`` while the advice rests on a review that an interest took out (rule 29).
    """
    # The application first: an interest that is recorded meanwhile stops the release.
    Application.objects.select_for_update(of=("self",)).filter(decision=decision_id).first()
    decision = _locked(decision_id)
    may_tell_decision.check(actor, decision.application)
    _check_second_person(actor, decision.recorded_by)
    if decision.letter is not None:
        return decision.letter
    if reviews_out().filter(application=decision.application_id).exists():
        raise RuleViolation(
            _(
                "A reviewer turned out to have an interest after the advice was adopted. The letter can be released once "
                "the chair has settled this."
            )
        )
    matter = matter_of(decision, at=at)
    _check_seen(matter, seen, at=at)
    decision.letter = release_letter(matter=matter, recorded_by=decision.recorded_by, actor=actor, at=at)
    decision.save(update_fields=["letter"])
    return decision.letter


def _check_second_person(actor: User, recorder: User) -> None:
    """Raise ``NotAllowed`` unless the actor releases letters and is somebody else, also by mailbox (rules 19 and 28)."""
    may_release.check(actor, recorded_by_id=recorder.pk)
    if mailbox(actor.email) == mailbox(recorder.email):
        raise NotAllowed(
            _(
                "Your e-mail address is the mailbox of who recorded this, so someone else must release the letter."
            )
        )


def _check_seen(matter: Matter, seen: str, *, at: datetime) -> None:
    if fingerprint(matter, on=local_date(at)) != seen:
        raise LetterChanged(
            _("The letter changed after you opened the page, so it has not been released. Read it again.")
        )


def produce_letter_of_decision(*, letter_id: int, make_pdf: MakePdf, at: datetime) -> bool:
    """Produce a released letter, its mails and the application's final status, atomically. Idempotent.

    Returns ``False`` if it was produced already or another worker holds the lock.
    """
    return produce_letter(
        letter_id=letter_id, make_pdf=make_pdf, at=at, together_with=partial(_settle_application, at=at)
    )


@transaction.atomic(durable=True)
def correct_letter_of_decision(
    *, decision_id: int, explanation: str, actor: User, at: datetime
) -> Correction:
    """Record that the letter of a decision is replaced by another one, which begins with the explanation.

    The decision stays as it is: the new letter is composed from it anew. Raises ``NotAllowed`` unless the actor is an
    officer who may read the application, and ``NotCorrectable`` before the letter was sent.
    """
    decision = _locked(decision_id)
    may_correct_letter.check(actor, decision.application)
    if decision.letter is None:
        raise NotCorrectable(_("Only a letter that has been sent can be corrected."))
    letter = current(decision.letter)
    return record_correction(letter_id=letter.pk, explanation=explanation, actor=actor, at=at)


@transaction.atomic(durable=True)
def release_correction(*, decision_id: int, actor: User, at: datetime) -> Letter:
    """Release the letter that replaces an earlier one. Idempotent.

    Raises ``NotAllowed`` as ``release_letter_of_decision`` does, here for the recorder of the correction, and
    ``NotCorrectable`` when no correction is waiting.
    """
    decision = _locked(decision_id)
    may_tell_decision.check(actor, decision.application)
    latest = (
        Correction.objects.filter(
            letter__about=decision.application.reference, letter__text__kind__key__in=list(LetterOfDecision)
        )
        .order_by("pk")
        .last()
    )
    if latest is None:
        raise NotCorrectable(_("No correction to this letter is waiting for release."))
    _check_second_person(actor, latest.recorded_by)
    existing = Letter.objects.filter(supersedes=latest.letter).first()
    if existing is not None:
        return existing
    return release_letter(
        matter=matter_of(decision, at=at),
        recorded_by=latest.recorded_by,
        actor=actor,
        at=at,
        correction=latest,
    )


def _locked(decision_id: int) -> Decision:
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


def _settle_application(letter: Letter, *, at: datetime) -> None:
    if letter.supersedes_id is not None:
        # The earlier letter announced the decision already.
        return
    decision = Decision.objects.get(letter=letter)
    application = Application.objects.select_for_update().get(pk=decision.application_id)
    lifecycle.move(
        application, to=Status(decision.outcome), actor=None, at=at, why=MoveReason.LETTER_PRODUCED
    )
