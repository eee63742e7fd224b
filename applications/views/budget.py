"""The budget of a draft, as a table of lines (rule 6)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from applications.domain.budget import PlannedLine, requested_amount, save_budget
from applications.domain.locking import NewerVersion
from applications.domain.snapshot import Snapshot, snapshot_of
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
    snapshot = snapshot_of(application)
    choices = {"headings": list(application.call.headings.all()), "members": snapshot.members}
    if request.method != "POST":
        return _page(request, snapshot, BudgetFormSet.of(application, snapshot.lines, **choices))
    formset = BudgetFormSet.typed(request.POST, **choices)
    if "more" in request.POST:
        return _page(request, snapshot, formset.with_more_lines(), is_judged=False)
    is_conflict = False
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
            snapshot = snapshot_of(application)
            if _values(snapshot.lines) == _values(formset.planned()):
                return saved(request, application, "budget")
            is_conflict = bool(snapshot.lines)
            formset.show_version(application.budget_version)
            formset.refuse(str(newer))
        except RuleViolation as refusal:
            formset.refuse(str(refusal))
        else:
            return saved(request, application, "budget")
    return _page(request, snapshot, formset, is_conflict=is_conflict)


def _page(
    request: SignedInRequest,
    snapshot: Snapshot,
    formset: BudgetFormSet,
    *,
    is_judged: bool = True,
    is_conflict: bool = False,
) -> HttpResponse:
    is_refused = formset.is_bound and is_judged
    return draft_response(
        request,
        "applications/budget.html",
        snapshot,
        "budget",
        status=422 if is_refused else 200,
        formset=formset,
        lines=snapshot.lines,
        form_show_errors=is_judged,
        is_conflict=is_conflict,
        has_begun=bool(snapshot.lines) and not is_refused,
        **_sums(snapshot),
    )


def _sums(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the saved lines come to: per organisation, in all, and against the maximum."""
    total = requested_amount(snapshot.lines)
    remains = snapshot.application.amount_ceiling - total
    return {
        "shares": [
            (each.organisation.name, requested_amount(snapshot.share_of(each))) for each in snapshot.members
        ],
        "total": total,
        "remains": max(remains, Decimal(0)),
        "too_much": max(-remains, Decimal(0)),
    }


def _values(
    lines: Iterable[BudgetLine | PlannedLine],
) -> list[tuple[BudgetHeading, Participation, str, Decimal]]:
    return [(each.heading, each.participation, each.description, each.amount) for each in lines]
