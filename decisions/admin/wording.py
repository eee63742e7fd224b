"""What letters say, as the office reads them: those that are there, and those that may follow."""

import json
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.domain.frozen import frozen_content
from decisions.domain.correcting import fingerprint_of
from decisions.domain.letter_facts import matter_of, other_than_applicant
from decisions.models import Decision
from decisions.queries import decisions_visible_to
from hubportal.accounts.models import User
from hubportal.documents.domain.glyphs import printable_words
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from letters.domain.composing import compose, text_for
from letters.domain.correcting import replacing
from letters.domain.days import next_round, words_on_its_day
from letters.domain.placeholders import NEXT_ROUND
from letters.domain.structure import Content, filled
from letters.enums import Channel
from letters.models import Correction, Letter

# Dutch always, as the letter is.
_UNKNOWN_YET = {
    "dated_on": "[datum van verzending]",
    "objection_deadline": "[laatste dag om bezwaar te maken]",
}


def decisions_with_letters(user: User) -> QuerySet[Decision]:
    """Return the decisions that an assessor may see, with all that their letters are composed of."""
    return decisions_visible_to(user).select_related(
        "application__call",
        "application__coalition__region",
        "application__review_round",
        "application__people",
        "application__frozen",
        "advice",
        "ground",
        "recorded_by",
        "letter__released_by",
        "letter__posted_by",
        "letter__mail",
        "letter__document",
        "letter__text__kind",
    )


def words_to_be(decision: Decision, correction: Correction | None = None, *, at: datetime) -> Content:
    """Return what a letter that is not released yet says, with words in place of what is known on its day only.

    Whether one can apply again is told as it is now. Raises ``RuleViolation`` when it cannot be composed.
    """
    matter, today = matter_of(decision, correction), local_date(at)
    words = compose(matter, text_for(matter, on=today), on=today, **replacing(correction))
    return _as_printed(filled(words, _open_places(decision, at=at)))


def released_in_words(letter: Letter) -> str:
    """Return what becomes of a letter that was just released."""
    if letter.channel == Channel.POST:
        return _("The letter has been released. It goes on paper, and now waits for an officer who posts it.")
    return _("The letter has been released. It will be made and sent automatically.")


def letter_to_read(decision: Decision, correction: Correction, *, at: datetime) -> dict[str, Any]:
    """Return the words of the letter that a correction leads to, with their fingerprint, or why it cannot be composed.

    ``applicant`` is who applied where the letter names another organisation.
    """
    applicant = other_than_applicant(frozen_content(decision.application), correction)
    try:
        return {
            "applicant": applicant,
            "content": words_to_be(decision, correction, at=at),
            "fingerprint": fingerprint_of(decision, correction, at=at),
        }
    except RuleViolation as refusal:
        return {"applicant": applicant, "refusal": str(refusal)}


def words_there(decision: Decision, letter: Letter, *, at: datetime) -> Content:
    """Return what a released letter says: on its day once it is made, and as ``words_to_be`` until then."""
    document = letter.document
    if document is None:
        return _as_printed(filled(json.loads(bytes(letter.content)), _open_places(decision, at=at)))
    before = document.supersedes.order_by("pk").last()
    return _as_printed(
        words_on_its_day(
            letter, deadline_on=letter.objection_deadline_on, before=before, at=document.created_at
        )
    )


def _open_places(decision: Decision, *, at: datetime) -> dict[str, str]:
    return {**_UNKNOWN_YET, NEXT_ROUND: next_round(decision.application.call, at=at)}


def _as_printed(content: dict[str, Any]) -> Content:
    shown: Content = printable_words(content)
    return shown
