"""The budget of a draft, as a table of lines (rule 6)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from applications.domain.budget import PlannedLine, requested_amount, save_budget
from applications.domain.locking import NewerVersion
from applications.forms.budget import BudgetFormSet
from applications.models import Application, BudgetLine
from applications.views.opening import draft_page
from applications.views.steps import draft_response
from applications.views.writing import saved
from calls.models import BudgetHeading
from coalitions.models import Participation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def budget(request: SignedInRequest, application: Application) -> HttpResponse:
    """Write the lines of the budget, and see what they come to."""
    headings = list(application.call.headings.all())
    members = list(application.coalition.participations.select_related("organisation"))
    lines = _lines_of(application)
    if request.method != "POST":
        formset = BudgetFormSet.of(application, lines, headings=headings, members=members)
        return _page(request, application, formset, lines, members)
    formset = BudgetFormSet.typed(request.POST, headings=headings, members=members)
    if "more" in request.POST:
        formset = formset.with_more_lines()
        return _page(request, application, formset, lines, members, is_judged=False)
    now: list[BudgetLine] = []
    if formset.is_valid():
        try:
            save_budget(
                application_id=application.pk,
                lines=formset.planned(),
                seen_version=formset.seen_version,
                actor=request.user,
                at=request.received_at,
            )
        except NewerVersion as newer:
            application.refresh_from_db(fields=["budget_version", "requested_amount"])
            now = _lines_of(application)
            if _values(now) == _values(formset.planned()):
                return saved(request, application, "budget")
            formset.show_version(application.budget_version)
            formset.refuse(str(newer))
        except RuleViolation as refusal:
            formset.refuse(str(refusal))
        else:
            return saved(request, application, "budget")
    return _page(request, application, formset, now or lines, members, is_conflict=bool(now))


def _page(
    request: SignedInRequest,
    application: Application,
    formset: BudgetFormSet,
    lines: list[BudgetLine],
    members: list[Participation],
    *,
    is_judged: bool = True,
    is_conflict: bool = False,
) -> HttpResponse:
    is_refused = formset.is_bound and is_judged
    return draft_response(
        request,
        "applications/budget.html",
        application,
        "budget",
        status=422 if is_refused else 200,
        formset=formset,
        lines=lines,
        form_show_errors=is_judged,
        is_conflict=is_conflict,
        has_begun=bool(lines) and not is_refused,
        **_sums(application, lines, members),
    )


def _sums(application: Application, lines: list[BudgetLine], members: list[Participation]) -> dict[str, Any]:
    """Return what the saved lines come to: per organisation, in all, and against the maximum."""
    total = requested_amount(lines)
    remains = application.amount_ceiling - total
    shares = [
        (each.organisation.name, requested_amount(line for line in lines if line.participation_id == each.pk))
        for each in members
    ]
    return {
        "shares": shares,
        "total": total,
        "remains": max(remains, Decimal(0)),
        "too_much": max(-remains, Decimal(0)),
    }


def _lines_of(application: Application) -> list[BudgetLine]:
    return list(application.budget_lines.select_related("heading", "participation__organisation"))


def _values(
    lines: Iterable[BudgetLine | PlannedLine],
) -> list[tuple[BudgetHeading, Participation, str, Decimal]]:
    return [(each.heading, each.participation, each.description, each.amount) for each in lines]
