"""Correcting a letter that was sent: a new one replaces it, and says so (rules 19 and 30)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from letters.domain.days import replaces
from letters.domain.structure import Content, paragraphs_of, section
from letters.events import CORRECTION_RECORDED, CORRECTION_WITHDRAWN
from letters.models import Correction, CorrectionDraft, Letter
from letters.models.correction import CorrectedWords
from letters.queries import is_underway, number_after


class NotCorrectable(RuleViolation):
    """A letter cannot be replaced by a correction."""


@dataclass(frozen=True)
class CorrectionAsTyped:
    """What somebody typed of a correction, complete or not: why, and what the new letter says in its own words."""

    explanation: str
    addressee: str
    attention: str
    reasons: str


def as_typed(words: CorrectedWords) -> CorrectionAsTyped:
    """Return what a correction or a draft of one holds."""
    return CorrectionAsTyped(words.explanation, words.addressee, words.attention, words.reasons)


def correction_of(letter: Letter, typed: CorrectionAsTyped, **values: Any) -> Correction:
    """Return the correction of a letter with these words, which is not kept yet."""
    words = {name: each.strip() for name, each in vars(typed).items()}
    return Correction(letter=letter, **words, **values)


def check_correctable(letter: Letter) -> None:
    """Raise ``NotCorrectable`` for a letter that was not sent, or that a correction replaces already."""
    if letter.sent_at is None:
        raise NotCorrectable(_("Only a letter that has been sent can be corrected."))
    if Correction.objects.filter(letter=letter, withdrawn_at=None).exists():
        raise NotCorrectable(_("A correction has already been made to this letter."))


def check_correction(letter: Letter, typed: CorrectionAsTyped) -> None:
    """Raise what ``check_correctable`` raises, and ``RuleViolation`` at the field where words lack."""
    check_correctable(letter)
    needed = {
        "explanation": _("Write down what is corrected."),
        "addressee": _("Write down whom the letter is for."),
        "attention": _("Write down for whose attention it is."),
        "reasons": _("Write down the reasons: the new letter takes the place of the whole letter."),
    }
    for field, words in needed.items():
        if not is_filled(getattr(typed, field)):
            raise RuleViolation(words, field=field)


def record_correction(*, letter_id: int, typed: CorrectionAsTyped, actor: User, at: datetime) -> Correction:
    """Record that a letter is replaced, and what the new one says of the reason.

    Nothing is sent before somebody else releases the new letter. Within the act of an app, which has checked that the actor
    is of the office and that the case is open to them. Raises what ``check_correction`` raises.
    """
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    check_correction(letter, typed)
    correction = correction_of(letter, typed, recorded_by=actor, recorded_at=at)
    correction.save()
    record(CORRECTION_RECORDED, subject=correction, actor=actor, at=at)
    return correction


def check_not_underway(letter_id: int) -> None:
    """Lock a letter, and raise ``NotCorrectable`` while it goes once more: it would arrive after the one that replaces it."""
    Letter.objects.select_for_update().get(pk=letter_id)
    # Read once it is locked: a mail that was queued while this waited is not seen by the query that waited.
    if is_underway(Letter.objects.select_related("mail").get(pk=letter_id)):
        raise NotCorrectable(
            _(
                "The letter that this one replaces came back and is being sent once more. Release the new letter when that "
                "has been done."
            )
        )


def withdraw_correction(correction: Correction, *, reason: str, actor: User, at: datetime) -> None:
    """Take a correction back whose letter was not released, within the act of an app that locked and checked it.

    It stays as it was, and its words as the draft to go on with. Raises ``NotCorrectable`` once its letter is released, and
    ``RuleViolation`` without a reason.
    """
    if Letter.objects.filter(supersedes=correction.letter_id).exists():
        raise NotCorrectable(
            _(
                "The new letter has been released, so its correction can no longer be taken back. Correct that one."
            )
        )
    if not is_filled(reason):
        raise RuleViolation(_("Write down why."), field="reason")
    correction.withdrawn_because, correction.withdrawn_by, correction.withdrawn_at = reason.strip(), actor, at
    correction.save(update_fields=["withdrawn_because", "withdrawn_by", "withdrawn_at"])
    draft = CorrectionDraft.objects.filter(letter=correction.letter_id).first()
    keep_draft(
        draft or CorrectionDraft(letter_id=correction.letter_id), as_typed(correction), actor=actor, at=at
    )
    record(CORRECTION_WITHDRAWN, subject=correction, actor=actor, at=at)


def keep_draft(
    draft: CorrectionDraft, typed: CorrectionAsTyped, *, actor: User, at: datetime
) -> CorrectionDraft:
    """Keep what was typed of a correction as the next version of its draft, within an act."""
    for name, value in vars(typed).items():
        setattr(draft, name, value)
    draft.version += 1
    draft.saved_by, draft.saved_at = actor, at
    draft.save()
    return draft


def replacing(correction: Correction | None) -> dict[str, Any]:
    """Return how ``compose`` numbers and opens a letter: the first one, or one that replaces another."""
    if correction is None:
        return {}
    return {"number": number_after(correction.letter), "opening": _opening(correction)}


def _opening(correction: Correction) -> list[Content]:
    assert correction.letter.dated_on is not None  # it was sent
    told = replaces([correction.letter.dated_on])
    return [section("Verbeterde brief", paragraphs=[told, *paragraphs_of(correction.explanation)])]
