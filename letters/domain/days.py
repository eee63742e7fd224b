"""What a letter says only from its day on: its dates, whether one can apply again, and what it replaces (rules 19, 34)."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from calls.models import Call
from calls.queries import last_deadline
from hubportal.documents.models import Document
from hubportal.kernel.clock import local_date
from hubportal.kernel.dates import dutch_day, dutch_moment
from letters.domain.placeholders import NEXT_ROUND, OBJECTION_DEADLINE
from letters.domain.structure import Content, filled, section
from letters.models import Letter


def words_on_its_day(
    letter: Letter, *, deadline_on: date | None, before: Document | None, at: datetime
) -> Content:
    """Return the words of a letter that is made at a moment, which it is dated on; ``before`` is its document until then.

    ``deadline_on`` is the last day to object. One that was made before says so: it could be opened in the portal from then on, and its mail may have come through.
    """
    days = days_of(letter.text.call, local_date(at), deadline_on, at=at)
    words = filled(json.loads(bytes(letter.content)), days)
    # Made once more on one day, only how it goes differs.
    earlier = [each for each in days_before(letter, before) if each != local_date(at)]
    return {**words, "sections": [*_dated_anew(earlier), *words["sections"]]}


def days_of(call: Call, dated_on: date, deadline_on: date | None, *, at: datetime) -> dict[str, str]:
    """Return what is filled in on the day of sending, by name."""
    days = {"dated_on": dutch_day(dated_on), NEXT_ROUND: next_round(call, at=at)}
    return {**days, OBJECTION_DEADLINE: dutch_day(deadline_on)} if deadline_on else days


def next_round(call: Call, *, at: datetime) -> str:
    """Return the sentence that tells until when one can apply again, as it is at a moment."""
    deadline_at = last_deadline(call, after=at)
    if deadline_at is None:
        return "Er komt in deze oproep geen nieuwe ronde."
    return f"Uw coalitie kan vóór {dutch_moment(deadline_at)} opnieuw aanvragen. Het advies in de bijlage kan u daarbij helpen."


def days_before(letter: Letter, document: Document | None) -> list[date]:
    """Return the days on which a letter was dated before, the first first: up to a document of it, which counts too."""
    replaced = letter.supersedes.document_id if letter.supersedes is not None else None
    days: list[date] = []
    while document is not None and document.pk != replaced:
        days.insert(0, document.dated_on)
        document = document.supersedes.order_by("pk").last()
    return days


def replaces(days: Sequence[date]) -> str:
    """Return the sentence that tells which letters do not count any more; nothing without any."""
    if not days:
        return ""
    *others, last = map(dutch_day, days)
    if not others:
        return f"Deze brief vervangt onze brief van {last} met hetzelfde kenmerk. Die brief geldt niet meer."
    named = f"{', '.join(others)} en {last}"
    return (
        f"Deze brief vervangt onze brieven van {named} met hetzelfde kenmerk. Die brieven gelden niet meer."
    )


def _dated_anew(days: Sequence[date]) -> list[Content]:
    if not days:
        return []
    changed = "Alleen de datum is anders, en wat daaruit volgt."
    return [section("Nieuwe datum", paragraphs=[f"{replaces(days)} {changed}"])]
