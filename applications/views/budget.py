"""The budget of a draft, as a table of lines (rule 6)."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.budget import save_budget
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.forms.budget import BudgetFormSet
from applications.models import Application
from applications.queries.content import budget_choices, budget_now
from applications.views.access import draft_page
from applications.views.budget_sums import sums_of
from applications.views.helping import Help, headings_with_help
from applications.views.saving import saved_response, typed_response
from calls.models import BudgetHeading
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def budget(request: SignedInRequest, application: Application) -> HttpResponse:
    """Edit the lines of the budget, and show their totals."""
    if request.method != "POST":
        headings, told = headings_with_help(application.call)
        snapshot = snapshot_of(application, people=application.people)
        formset = BudgetFormSet.of(application, snapshot.lines, headings=headings, members=snapshot.members)
        return _page(request, snapshot, headings, formset, SaveOutcome(), told=told)
    headings, members = budget_choices(application)
    formset = BudgetFormSet.typed(application, request.POST, headings=headings, members=members)
    if "more" in request.POST:
        formset = formset.with_more_lines(application)
        return _page(request, snapshot_of(application), headings, formset, SaveOutcome(), is_judged=False)

    def act() -> Saved:
        done = save_budget(
            application_id=application.pk,
            lines=formset.planned(),
            seen_version=formset.seen,
            begins=formset.is_over,
            actor=request.user,
            at=whole_at(request),
        )
        # What the page says of it where lines were left out.
        application.requested_amount = done.requested_amount
        application.budget_version, application.budget_saved_at = done.budget_version, done.budget_saved_at
        return Saved(done.budget_version, done.budget_saved_at)

    return save_and_answer(
        request,
        formset,
        act=act,
        kept=partial(_kept, application),
        saved=lambda _done: saved_response(request, application, "budget"),
        page=lambda outcome: _page(request, snapshot_of(application), headings, formset, outcome),
    )


def _page(
    request: SignedInRequest,
    snapshot: Snapshot,
    headings: list[BudgetHeading],
    formset: BudgetFormSet,
    outcome: SaveOutcome,
    *,
    is_judged: bool = True,
    told: Help | None = None,
) -> HttpResponse:
    application = snapshot.application
    rest_is_saved = outcome.saved is not None
    return typed_response(
        request,
        "applications/budget.html",
        snapshot,
        "budget",
        outcome,
        saved_at=application.budget_saved_at if application.budget_version > 1 else None,
        has_begun=bool(snapshot.lines),
        formset=formset,
        rest_is_saved=rest_is_saved,
        unsaved_line=_("Not everything has been saved") if rest_is_saved else "",
        help=told or headings_with_help(application.call)[1],
        form_show_errors=is_judged and outcome.newer is None,
        **sums_of(snapshot, headings),
    )


def _kept(application: Application) -> Kept:
    now = budget_now(application)
    content = BudgetFormSet.kept(list(now.budget_lines.all()))
    return Kept(now.budget_version, content, now.budget_saved_by, now.budget_saved_at)
