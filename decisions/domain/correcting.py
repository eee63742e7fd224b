"""Correcting the letter of a decision that was sent; outcome and amount stay as they were decided (rules 19 and 30)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.frozen import frozen_content
from applications.domain.locking import locked
from applications.models import Application
from decisions.domain.letter_facts import addressee_in, matter_of, reasons_in
from decisions.domain.mails import queue_correction_sent_back
from decisions.domain.releasing import (
    check_no_review_out,
    check_recorder_untied,
    check_second_person,
    check_seen,
    locked_decision,
)
from decisions.enums import LetterOfDecision
from decisions.models import Decision
from decisions.permissions import may_correct_letter, may_tell_decision
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from hubportal.kernel.versions import check_did_it_oneself, is_to_be_saved
from letters.domain.composing import fingerprint
from letters.domain.correcting import (
    CorrectionAsTyped,
    NotCorrectable,
    as_typed,
    check_correctable,
    check_correction,
    correction_of,
    keep_draft,
    record_correction,
    replacing,
    withdraw_correction,
)
from letters.domain.releasing import release_letter
from letters.models import Correction, CorrectionDraft, Letter
from letters.queries import correction_behind, current


def words_of(decision: Decision, letter: Letter) -> CorrectionAsTyped:
    """Return what a letter of a decision says in the words that a correction may change, without an explanation."""
    behind = correction_behind(letter)
    addressee = addressee_in(frozen_content(decision.application), behind)
    return CorrectionAsTyped("", addressee.name, addressee.attention, reasons_in(decision, behind))


def fingerprint_of(decision: Decision, correction: Correction, *, at: datetime) -> str:
    """Return the ``fingerprint`` of the letter that a correction puts in the place of another one."""
    return fingerprint(matter_of(decision, correction), on=local_date(at), **replacing(correction))


@transaction.atomic(durable=True)
def save_correction_draft(
    *, decision_id: int, typed: CorrectionAsTyped, seen_version: int, actor: User, at: datetime
) -> CorrectionDraft:
    """Save a draft of the correction of the letter that counts, complete or not. Idempotent (rule 12).

    ``seen_version`` is the optimistic version, 0 for a draft that was not begun. Raises ``NotAllowed`` as
    ``correct_letter_of_decision``, ``NotCorrectable`` before the letter was sent or while a correction waits, and
    ``NewerVersion``.
    """
    _decision, letter = _locked_letter(decision_id, actor)
    check_correctable(letter)
    draft = CorrectionDraft.objects.filter(letter=letter).first()
    if not is_to_be_saved(
        typed=typed,
        kept=as_typed(draft) if draft else None,
        seen=seen_version,
        current=draft.version if draft else 0,
    ):
        assert draft is not None  # what is typed is what is kept
        return draft
    return keep_draft(draft or CorrectionDraft(letter=letter), typed, actor=actor, at=at)


@transaction.atomic(durable=True)
def correct_letter_of_decision(
    *, decision_id: int, typed: CorrectionAsTyped, seen: str, actor: User, at: datetime
) -> Correction:
    """Record that the letter of a decision is replaced by another one, which begins with the explanation.

    ``seen`` is ``fingerprint_of`` the new letter that the actor read. The decision stays as it is: the new letter is
    composed from it anew, with the text of the call that is in force. Raises ``NotAllowed`` unless the actor is an officer
    who may read the application and did not review it, ``LetterChanged``, and what ``check_correction`` raises.
    """
    decision, letter = _locked_letter(decision_id, actor)
    check_correction(letter, typed)
    check_seen(fingerprint_of(decision, correction_of(letter, typed), at=at), seen)
    return record_correction(letter_id=letter.pk, typed=typed, actor=actor, at=at)


@transaction.atomic(durable=True)
def take_back_correction(*, correction_id: int, reason: str, actor: User, at: datetime) -> Correction:
    """Take back a correction before its letter is released; who releases sends it back, which mails the recorder. Idempotent.

    It stays as it was, and as the draft to go on with. Raises ``NotAllowed`` unless the actor may correct the letter or
    release its correction, ``SomebodyWasFirst``, and what ``withdraw_correction`` raises.
    """
    decision, correction = _locked_correction(correction_id)
    if not may_correct_letter.allows(actor, decision.application):
        may_tell_decision.check(actor, decision.application)
        check_second_person(actor, correction.recorded_by)
    if correction.withdrawn_by is not None:
        check_did_it_oneself(correction.withdrawn_by, actor)
        return correction
    withdraw_correction(correction, reason=reason, actor=actor, at=at)
    if actor.pk != correction.recorded_by_id:
        queue_correction_sent_back(correction, at=at)
    return correction


@transaction.atomic(durable=True)
def release_correction(*, correction_id: int, seen: str, actor: User, at: datetime) -> Letter:
    """Release the letter that replaces an earlier one. Idempotent.

    ``seen`` is ``fingerprint_of`` the new letter that the actor read. Raises ``NotAllowed`` as
    ``release_letter_of_decision`` does, here for the recorder of the correction, ``NotCorrectable`` when it was taken
    back, ``LetterChanged``, and ``RuleViolation`` while the advice rests on a review that an interest took out, or
    the recorder has an interest (rule 29).
    """
    decision, correction = _locked_correction(correction_id)
    may_tell_decision.check(actor, decision.application)
    check_second_person(actor, correction.recorded_by)
    if correction.withdrawn_at is not None:
        raise NotCorrectable(_("This correction has been taken back, so its letter cannot be released."))
    existing = Letter.objects.filter(supersedes=correction.letter).first()
    if existing is not None:
        return existing
    check_no_review_out(decision)
    check_recorder_untied(decision.application_id, correction.recorded_by_id)
    check_seen(fingerprint_of(decision, correction, at=at), seen)
    return release_letter(
        matter=matter_of(decision, correction),
        recorded_by=correction.recorded_by,
        actor=actor,
        at=at,
        correction=correction,
    )


def _locked_letter(decision_id: int, actor: User) -> tuple[Decision, Letter]:
    """Lock the application and its decision, and return the letter of it that counts."""
    # The application first, as every act on it does.
    Application.objects.select_for_update(of=("self",)).filter(decision=decision_id).first()
    decision = locked_decision(decision_id)
    may_correct_letter.check(actor, decision.application)
    if decision.letter is None:
        raise NotCorrectable(_("Only a letter that has been sent can be corrected."))
    return decision, current(decision.letter)


def _locked_correction(correction_id: int) -> tuple[Decision, Correction]:
    """Lock the application and its decision, and a correction of a letter of it."""
    kinds = {"letter__text__kind__key__in": list(LetterOfDecision)}
    about = Correction.objects.filter(pk=correction_id, **kinds).values("letter__about")
    application = locked(Application.objects.values_list("pk", flat=True).get(reference__in=about))
    decision = locked_decision(application.decision.pk)
    correction = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("letter__text__kind", "letter__supersedes", "recorded_by")
        .get(pk=correction_id)
    )
    return decision, correction
