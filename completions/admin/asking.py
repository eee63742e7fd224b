"""Pages of officers: what was asked to complete, writing what is asked, and asking it on a page of its own (rules 30 and 42)."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Application
from applications.queries import with_coalition
from applications.views.access import or_404
from completions.domain.asking import (
    as_typed,
    ask_to_complete,
    check_can_be_asked,
    check_request,
    check_somebody_answers,
    first_day,
    is_too_late,
    save_request,
)
from completions.domain.parts import parts_of
from completions.forms import RequestForm, SeenForm, fields_of
from completions.models import CompletionRequest
from completions.permissions import may_ask_to_complete
from completions.queries import request_about, requests_of, requests_shown
from completions.views.completion import rows_of
from correspondence.domain.mails import applicants_of
from hubportal.accounts.permissions import OFFICERS
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import whole_at
from hubportal.office.drafting import kept_or_checked, saving_context
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer


@require_safe
@only_for(OFFICERS)
def completions(request: StaffRequest) -> HttpResponse:
    """List what is written, waits or came, of applications that are open to this officer."""
    shown = page_of_rows(request, requests_of(request.user), shown=requests_shown())
    return page(request, "admin/completions/completions.html", {"page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def completion(request: StaffRequest, reference: str) -> HttpResponse:
    """Write what is asked; Enter saves it and asks nothing. Once it was asked, show it with what came."""
    application = _opened(request, reference)
    current = request_about(application)
    typed = request.POST if request.method == "POST" else None
    initial = (
        {**fields_of(current), "seen_version": current.version}
        if current
        else {"seen_version": 0, "last_day": first_day(at=request.received_at)}
    )
    form = RequestForm(typed, initial=initial, parts=parts_of(application.call))

    def act() -> Saved:
        done = or_404(
            lambda: save_request(
                reference=reference,
                typed=form.as_typed(),
                seen_version=form.seen,
                actor=request.user,
                at=request.received_at,
            )
        )
        return Saved(done.version, done.saved_at)

    page_of = partial(_asking_page, request, application, form)
    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept_request, application),
        saved=partial(_saved_request, request, application, form, page_of),
        page=page_of,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def ask(request: StaffRequest, reference: str) -> HttpResponse:
    """Show what the applicants will read and until when they have, then ask it."""
    application = _opened(request, reference)
    current = request_about(application)
    if current is None or (request.method != "POST" and current.asked_at is not None):
        return redirect("admin:completion", reference)
    form = SeenForm(
        request.POST if request.method == "POST" else None, initial={"seen": str(current.version)}
    )
    if form.is_valid() and _is_asked(request, reference, form):
        messages.success(request, _("Asked. The applicants have been told by e-mail."))
        return redirect("admin:completion", reference)
    context = {
        "application": application,
        "asked": current,
        "rows": rows_of(application, current),
        "form": form,
        "refusal": _why_not(application, current, request),
        "is_too_late": is_too_late(application, at=request.received_at),
    }
    return page(request, "admin/completions/ask.html", context, status=422 if form.errors else 200)


def _is_asked(request: StaffRequest, reference: str, form: SeenForm) -> bool:
    seen = form.cleaned_data["seen"]
    try:
        or_404(
            lambda: ask_to_complete(
                reference=reference,
                seen_version=int(seen) if seen.isdecimal() and seen.isascii() and len(seen) < 10 else 0,
                actor=request.user,
                at=whole_at(request),
            )
        )
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _why_not(application: Application, current: CompletionRequest, request: StaffRequest) -> str:
    """Return why it cannot be asked as it stands; nothing where it can."""
    try:
        check_can_be_asked(application)
        check_somebody_answers(application)
        check_request(application, as_typed(current), at=request.received_at)
    except RuleViolation as refusal:
        return str(refusal)
    return ""


def _opened(request: StaffRequest, reference: str) -> Application:
    rows = with_coalition(may_ask_to_complete.rows(request.user))
    return get_object_or_404(rows, reference=reference)


def _kept_request(application: Application) -> Kept | None:
    now = request_about(application)
    return Kept(now.version, fields_of(now), now.saved_by, now.saved_at) if now else None


def _saved_request(
    request: StaffRequest, application: Application, form: RequestForm, page_of: Any, done: Saved
) -> HttpResponse:
    return kept_or_checked(
        request,
        form,
        done,
        kept_in_words=_("Saved as a draft. Nothing has been asked yet."),
        check=lambda: check_request(application, form.as_typed(), at=request.received_at),
        checks_at=reverse("admin:ask_to_complete", args=[application.reference]),
        page_of=page_of,
    )


def _asking_page(
    request: StaffRequest, application: Application, form: RequestForm, outcome: SaveOutcome
) -> HttpResponse:
    current = request_about(application)
    refusal = ""
    try:
        check_can_be_asked(application)
    except RuleViolation as why_not:
        refusal = str(why_not)
    is_asked = current is not None and current.asked_at is not None
    context = {
        "application": application,
        "form": form,
        "asked": current if is_asked else None,
        "rows": rows_of(application, current) if current is not None and is_asked else [],
        "is_unanswerable": is_asked
        and application.awaits_completion_until is not None
        and not applicants_of(application),
        **saving_context(request, outcome, current),
        "refusal": refusal,
    }
    return page(request, "admin/completions/completion.html", context, status=outcome.status)
