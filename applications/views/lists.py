"""The applications of a person's organisations: listing, starting, and what is missing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.drafting import start_application
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from applications.permissions import may_read_draft, may_write
from applications.queries import every_application, only_shared_with, with_coalition
from applications.queries.collaborators import invitations_for
from applications.queries.consent_questions import is_waiting_for_answer
from applications.queries.receipts import only_told_of
from applications.views.access import asked_to_answer, draft_page, shown_to
from applications.views.bringing_in import TAKEN_OVER
from applications.views.status_wording import status_in_words
from applications.views.steps import draft_response
from applications.views.submission_window import submission_window_of
from calls.models import Call
from calls.queries import calls_open
from coalitions.models import Coalition
from coalitions.permissions import may_lead
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE, page_of_rows
from organisations.permissions import may_write_for


@login_required
@require_safe
def list_applications(request: SignedInRequest) -> HttpResponse:
    """List what the person's organisations apply for, and what they were asked to agree to."""
    page = page_of_rows(request, may_read_draft.rows(request.user), shown=with_coalition(every_application()))
    asked = with_coalition(only_shared_with(request.user))[:ROWS_PER_PAGE]
    context = {
        "page": page,
        "rows": [(each, status_in_words(each)) for each in page],
        "told": list(with_coalition(only_told_of(request.user))[:ROWS_PER_PAGE]),
        "asked": [(each, status_in_words(each)) for each in asked],
        "invitations": list(invitations_for(request.user)[:ROWS_PER_PAGE]),
        "has_organisation": may_write_for.rows(request.user).exists(),
    }
    return render(request, "applications/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Choose the call, then start the coalition's application for it."""
    coalition = get_object_or_404(may_lead.rows(request.user).select_related("region"), pk=coalition_id)
    if request.method == "POST":
        return _started(request, coalition)
    calls = calls_open(at=request.received_at).prefetch_related("rounds")
    choices = [(each, submission_window_of(each, at=request.received_at)) for each in calls]
    return render(request, "applications/start.html", {"coalition": coalition, "choices": choices})


def _started(request: SignedInRequest, coalition: Coalition) -> HttpResponse:
    call = get_object_or_404(Call, slug=request.POST.get("call", "").replace("\x00", ""))
    try:
        application = start_application(
            coalition_id=coalition.pk, call=call, actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:start", coalition.pk)
    return redirect("applications:overview", application.reference)


@login_required
@require_safe
def overview(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what is missing and whose turn it is; who cannot edit reads it, or its status."""
    application = shown_to(request.user, reference)
    if may_write.allows(request.user, application):
        return _overview(request, reference)
    if may_read_draft.allows(request.user, application):
        return redirect("applications:read", reference)
    return redirect("applications:status", reference)


@draft_page
def _overview(request: SignedInRequest, application: Application) -> HttpResponse:
    asked = None if application.is_led else asked_to_answer(request.user, application)  # type: ignore[attr-defined]
    snapshot = snapshot_of(application)
    reference, taken = request.session.pop(TAKEN_OVER, ("", []))
    return draft_response(
        request,
        "applications/overview.html",
        snapshot,
        "overview",
        asked_here=asked,
        is_asked_back=application.is_led and is_waiting_for_answer(application),  # type: ignore[attr-defined]
        specs=snapshot.specs,
        taken_ahead=taken if reference == application.reference else [],
    )
