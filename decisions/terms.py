"""Terms on a clock: the one place that says until when something has to be done, and whether that was (rule 36).

A term is listed while it runs and after it passed, until what it is for is done. Whoever lists them sees those of
applications that are open to them, and no number tells of another (rule 26).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    F,
    Func,
    QuerySet,
    Value,
)

from applications.enums import RECEIVED_STATUSES, UNDECIDED_STATUSES
from applications.models import Application
from applications.queries import readable_by
from applications.queries.signing import signing_ends, unsigned
from decisions.enums import TermKind, TermState
from decisions.totals import is_sent
from hubportal.accounts.permissions import Person
from hubportal.kernel.clock import AMSTERDAM, local_date
from hubportal.kernel.periods import term_end
from letters.models import Letter

if TYPE_CHECKING:
    from datetime import date

    from django.core.paginator import Page

SOON = timedelta(days=7)
VERY_SOON = timedelta(days=1)
# An objection that was posted in time is in time if it arrives within a week (Awb 6:9 lid 2).
ARRIVES_WITHIN = timedelta(days=7)
# Decided within these weeks if nothing else was told (Awb 4:13).
_WEEKS_TO_DECIDE = 8


@dataclass(frozen=True)
class Term:
    """A term of an application: it ends before ``ends_at``, so a day is over when the next begins."""

    kind: TermKind
    application: Application
    ends_at: datetime
    state: TermState

    @property
    def last_day(self) -> date:
        """Return the day on which it can still be done."""
        return local_date(self.ends_at - timedelta(microseconds=1))

    @property
    def eight_weeks_end_on(self) -> date | None:
        """Return, of a term to decide, the day that holds where no other was told at receipt (Awb 4:13 and 4:14)."""
        if self.kind != TermKind.DECIDE or self.application.submitted_at is None:
            return None
        end = term_end(local_date(self.application.submitted_at), weeks=_WEEKS_TO_DECIDE)
        # It stood still as long (Awb 4:15).
        return end + timedelta(days=self.application.suspended_days)


def state_at(ends_at: datetime, *, at: datetime) -> TermState:
    """Return where a term is: passed from the moment that it ends."""
    if at >= ends_at:
        return TermState.PASSED
    if at >= ends_at - VERY_SOON:
        return TermState.WITHIN_A_DAY
    return TermState.WITHIN_A_WEEK if at >= ends_at - SOON else TermState.RUNNING


def terms_of(
    person: Person, *, at: datetime, kind: TermKind | None, page: str | None, size: int
) -> Page[Any]:
    """Return a page of the terms of a person's open applications that run or passed, what ends first in front.

    Three queries, however many there are.
    """
    kinds = list(_ROWS) if kind is None else [kind]
    rows = _together([_ROWS[each](person, at) for each in kinds]).order_by("ends_at", "kind", "about_it")
    found = Paginator(rows, size).get_page(page)
    listed = list(found.object_list)
    shown = Application.objects.select_related("call", "review_round__call", "coalition__region")
    by_reference = {
        each.reference: each for each in shown.filter(reference__in={row["about_it"] for row in listed})
    }
    found.object_list = [
        Term(
            kind=TermKind(row["kind"]),
            application=by_reference[row["about_it"]],
            ends_at=row["ends_at"],
            state=state_at(row["ends_at"], at=at),
        )
        for row in listed
    ]
    return found


def number_of_terms(person: Person, *, at: datetime) -> dict[TermState, int]:
    """Return how many terms of the office passed, or end within a week or a day, in one query."""
    until = at + SOON
    # A round before its applications: few rounds end soon, and only their rows are looked at.
    decide = _to_decide(person, at).filter(review_round__award_expected_on__lt=local_date(until))
    due = [each.filter(ends_at__lte=until) for each in (decide, _to_sign(person, at))]
    # Many end at one moment, as a round does: one row for each moment.
    counted = [each.values("ends_at").annotate(number=Count("pk")) for each in due]
    found: dict[TermState, int] = dict.fromkeys(
        [state for state in TermState if state != TermState.RUNNING], 0
    )
    for row in _together(counted):
        found[state_at(row["ends_at"], at=at)] += row["number"]
    return found


def _together(rows: list[QuerySet[Any]]) -> QuerySet[Any]:
    first, *others = rows
    return first.union(*others, all=True) if others else first


def _to_decide(person: Person, _at: datetime) -> QuerySet[Any]:
    """Return what was received and of which no letter was sent: the day that was told (Awb 4:14), later as it stood still."""
    received = readable_by(person).filter(~is_sent(), status__in=RECEIVED_STATUSES)
    ends_at = _end_of("review_round__award_expected_on", "suspended_days")
    return _as_rows(received, TermKind.DECIDE, "reference", ends_at)


def _to_complete(person: Person, _at: datetime) -> QuerySet[Any]:
    """Return what the applicants were asked to complete, and nobody decided or withdrew (rule 42)."""
    waiting = readable_by(person).filter(status__in=UNDECIDED_STATUSES, awaits_completion_until__isnull=False)
    return _as_rows(waiting, TermKind.COMPLETE, "reference", _end_of("awaits_completion_until"))


def _to_sign(person: Person, _at: datetime) -> QuerySet[Any]:
    """Return what is undecided and lacks a signature."""
    lacking = unsigned(readable_by(person).filter(status__in=UNDECIDED_STATUSES, submitted_at__isnull=False))
    return _as_rows(lacking, TermKind.SIGN, "reference", signing_ends())


def _to_object(person: Person, at: datetime) -> QuerySet[Any]:
    """Return the letters to which somebody can still object, or could until a week ago, the replaced ones left out."""
    opened = readable_by(person).order_by().values("reference")
    sent = Letter.objects.filter(
        sent_at__isnull=False,
        objection_deadline_on__gte=local_date(at - ARRIVES_WITHIN),
        superseded_by__sent_at=None,
        about__in=opened,
    )
    return _as_rows(sent, TermKind.OBJECT, "about", _end_of("objection_deadline_on"))


_ROWS: dict[TermKind, Callable[[Person, datetime], QuerySet[Any]]] = {
    TermKind.DECIDE: _to_decide,
    TermKind.COMPLETE: _to_complete,
    TermKind.SIGN: _to_sign,
    TermKind.OBJECT: _to_object,
}


def _as_rows(rows: QuerySet[Any], kind: TermKind, reference: str, ends_at: Any) -> QuerySet[Any]:
    """Return rows of one shape: kind, reference, and the moment at which the term ends."""
    shaped = rows.order_by().annotate(
        kind=Value(kind.value, output_field=CharField()), about_it=F(reference), ends_at=ends_at
    )
    listed: QuerySet[Any] = shaped.values("kind", "about_it", "ends_at")
    return listed


def _end_of(day: str, *more_days: str) -> Func:
    """Return the moment at which a day is over in the Netherlands, or a day that is so many days later."""
    next_day = Func(
        *(F(each) for each in (day, *more_days)),
        function="",
        template="(%(expressions)s + 1)::timestamp",
        arg_joiner=" + ",
        output_field=DateTimeField(),
    )
    return Func(Value(AMSTERDAM.key), next_day, function="timezone", output_field=DateTimeField())
