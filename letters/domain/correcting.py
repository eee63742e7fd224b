"""Correcting a letter that was sent: a new one replaces it, and says so (rule 19)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.dates import dutch_day
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from letters.domain.structure import Content, paragraphs_of, section
from letters.events import CORRECTION_RECORDED
from letters.models import Correction, Letter


class NotCorrectable(RuleViolation):
    """A letter cannot be replaced by a correction."""


def record_correction(*, letter_id: int, explanation: str, actor: User, at: datetime) -> Correction:
    """Record that a letter is replaced, and what the new one says of the reason.

    Nothing is sent before somebody else releases the new letter. Within the act of an app, which has checked that the actor
    is of the office and that the case is open to them. Raises ``NotCorrectable`` for a letter that was
    not sent or that a correction replaces already, and ``RuleViolation`` without an explanation.
    """
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    if not is_filled(explanation):
        raise RuleViolation(_("Write down what is corrected."), field="explanation")
    if letter.sent_at is None:
        raise NotCorrectable(_("Only a letter that has been sent can be corrected."))
    if Correction.objects.filter(letter=letter).exists():
        raise NotCorrectable(_("A correction has already been made to this letter."))
    correction = Correction.objects.create(
        letter=letter, explanation=explanation.strip(), recorded_by=actor, recorded_at=at
    )
    record(CORRECTION_RECORDED, subject=correction, actor=actor, at=at)
    return correction


def correction_sections(correction: Correction | None) -> list[Content]:
    """Return the first sections of a letter that replaces another one."""
    if correction is None:
        return []
    assert correction.letter.dated_on is not None  # it was sent
    told = (
        f"Deze brief vervangt onze brief van {dutch_day(correction.letter.dated_on)} "
        f"met hetzelfde kenmerk. Die brief geldt niet meer."
    )
    return [
        section("Verbeterde brief", paragraphs=[told, *paragraphs_of(correction.explanation)]),
    ]
