"""Pages about calls and their rounds: progress, and what is left of the ceilings."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.domain.signing import is_signed
from applications.enums import Status
from applications.models import Application
from applications.queries import organisations_in_several_coalitions
from calls.queries import rounds_with_call
from decisions.permissions import ROUND_READERS
from decisions.queries import applications_shown_in_round, latest_letters_on, listed_in_round
from decisions.totals import calls_with_rounds, counted
from hubportal.accounts.permissions import CHAIRS, OFFICERS
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE, page_of_rows
from letters.models import Letter
from letters.queries import state_of
from reviews.domain.results import Result, stored_result
from reviews.models import CommitteeAdvice


@require_safe
@only_for(ROUND_READERS)
def calls(request: StaffRequest) -> HttpResponse:
    """List the calls with their rounds and progress, in numbers of what is open to the person (rule 26)."""
    chosen: Page[Any] = Paginator(calls_with_rounds(request.user), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    chosen.object_list = shown = [counted(each) for each in chosen.object_list]
    context = {
        "page": chosen,
        "at": request.received_at,
        "has_provisional": any(
            row.provisional for each in shown for row in (each.call, *each.counted_rounds)
        ),
    }
    return page(request, "admin/decisions/rounds.html", context)


@dataclass(frozen=True)
class Row:
    """One application of a round; what is inside is there only when it is open to the person."""

    application: Application
    status: Status
    is_open: bool
    is_declared: bool
    is_signed: bool
    result: Result | None = None
    advice: CommitteeAdvice | None = None
    decision: Any = None
    letter_state: Any = None


def _status_shown(application: Any) -> Status:
    """Return the status that the person may know: of what is not open, that it was submitted or is in assessment."""
    known = Status(application.status)
    return known if application.is_open or known == Status.SUBMITTED else Status.SEALED


@require_safe
@only_for(ROUND_READERS)
def review_round(request: StaffRequest, slug: str, number: int) -> HttpResponse:
    """List the applications of a round with their results; one that is closed to the officer shows its headline only."""
    found = get_object_or_404(rounds_with_call(), call__slug=slug, number=number)
    by_score = request.GET.get("volgorde") == "score"
    ordered = listed_in_round(found, request.user, by_score=by_score)
    chosen = page_of_rows(request, ordered, shown=applications_shown_in_round(request.user))
    applications = list(chosen.object_list)
    context = {
        "round": found,
        "page": chosen,
        "rows": _rows(applications),
        "by_score": by_score,
        "decides": OFFICERS.includes(request.user),
        "advises": CHAIRS.includes(request.user),
        "at": request.received_at,
        "regions": _shared_regions(applications),
        "organisations": organisations_in_several_coalitions(applications),
    }
    return page(request, "admin/decisions/round.html", context)


def _shared_regions(applications: list[Any]) -> list[Any]:
    """Return the regions of these applications with several coalitions in the call (rule 11), in their own order."""
    found = {each.coalition.region for each in applications if each.shares_region}
    return sorted(found, key=lambda each: each.sort_name)


def _rows(applications: list[Any]) -> list[Row]:
    opened = [each for each in applications if each.is_open and hasattr(each, "decision")]
    letters = latest_letters_on(each.decision for each in opened)
    return [_row(each, letters.get(each.reference)) for each in applications]


def _row(application: Any, letter: Letter | None) -> Row:
    headline = Row(
        application=application,
        status=_status_shown(application),
        is_open=application.is_open,
        is_declared=application.is_declared,
        is_signed=is_signed(application),
    )
    if not application.is_open:
        return headline
    decision = getattr(application, "decision", None)
    return replace(
        headline,
        result=stored_result(application) if application.may_know_result else None,
        advice=getattr(application, "advice", None),
        decision=decision,
        letter_state=state_of(letter) if decision else None,
    )
