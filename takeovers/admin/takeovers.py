"""Pages of officers: who asks for a dossier, and granting, refusing or undoing that, each on a page of its own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.accounts.permissions import OFFICERS, takes_part_now
from hubportal.documents.views.stored import stored_pdf
from hubportal.forms import ShownForm, add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from takeovers.domain.deciding import (
    grant_takeover,
    is_unwarned,
    refuse_takeover,
    state_of,
    undo_takeover,
)
from takeovers.forms import GrantForm, RefuseForm, UndoForm
from takeovers.models import Takeover
from takeovers.permissions import may_decide_takeover, may_undo_takeover
from takeovers.queries import (
    asked_before,
    claim_of,
    ended_before,
    files_of,
    leads_more_than,
    others_asking,
    partners_of,
    settled_for,
    shares_domain,
    to_decide,
    waiting_for,
    with_dossier,
)
from takeovers.undoing import contact_after_undoing, has_acted, others_who_came_in

_SETTLED = "afgehandeld"
# Of what one mailbox asked of one organisation before.
_SHOWN = 20


@require_safe
@only_for(OFFICERS)
def waiting(request: StaffRequest) -> HttpResponse:
    """List what is open, what can be decided first in front; or what is settled, the latest in front."""
    is_settled = request.GET.get("staat") == _SETTLED
    rows = settled_for(request.user) if is_settled else waiting_for(request.user)
    shown = with_dossier(may_decide_takeover.rows(request.user))
    is_tied = takes_part_now(request.user)
    context = {"page": page_of_rows(request, rows, shown=shown), "is_settled": is_settled, "is_tied": is_tied}
    return page(request, "admin/takeovers/waiting.html", context)


@require_safe
@only_for(OFFICERS)
def takeover(request: StaffRequest, pk: int) -> HttpResponse:
    """Show who asks for what, with what proof, and what can be done."""
    return page(request, "admin/takeovers/takeover.html", _shown(request, _decided(request, pk)))


@require_safe
@only_for(OFFICERS)
def proof(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the file of a proof as a download that cannot run in the portal."""
    found = get_object_or_404(files_of(_decided(request, pk)))
    return stored_pdf(
        request, name=found.stored_as, sha256=found.sha256, filename=f"overname-{pk}-bewijs.pdf"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def grant(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what it opens, ask why, then give the dossier."""
    return _decide(request, pk, GrantForm, grant_takeover, "grant")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask why, then refuse the dossier."""
    return _decide(request, pk, RefuseForm, refuse_takeover, "refuse")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask why, then undo what was granted."""
    found = _decided(request, pk)
    if not may_undo_takeover.allows(request.user, found):
        raise Http404
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _did(request, form, undo_takeover, pk):
        messages.success(request, _("It has been undone. Everybody with a role gets an e-mail."))
        return redirect("admin:takeover", pk)
    context = {
        "form": form,
        "contact": contact_after_undoing(found, undone_by=request.user),
        "with_them": others_who_came_in(found),
        **_shown(request, found),
    }
    return page(request, "admin/takeovers/undo.html", context, status=422 if form.errors else 200)


def _decide(
    request: StaffRequest, pk: int, form_class: type[ShownForm], act: Callable[..., Takeover], template: str
) -> HttpResponse:
    found = _decided(request, pk)
    is_due = to_decide(request.user, at=request.received_at).filter(pk=pk).exists()
    may_answer = is_due or (template == "refuse" and is_unwarned(found))
    if not may_answer and request.method != "POST":
        return redirect("admin:takeover", pk)
    form = form_class(request.POST if request.method == "POST" else None, initial={"seen": state_of(found)})
    if form.is_valid() and _did(request, form, act, pk):
        messages.success(request, _("Your decision has been recorded, and who it concerns gets an e-mail."))
        return redirect("admin:takeover", pk)
    context = {"form": form, **_shown(request, found)}
    return page(request, f"admin/takeovers/{template}.html", context, status=422 if form.errors else 200)


def _did(request: StaffRequest, form: forms.Form, act: Callable[..., Takeover], pk: int) -> bool:
    try:
        act(takeover_id=pk, actor=request.user, at=request.received_at, **form.cleaned_data)
    except NewerVersion as refusal:
        add_violation(form, refusal)
        if isinstance(form, ShownForm):
            form.show_seen(state_of(_decided(request, pk)))
        return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    return True


def _decided(request: StaffRequest, pk: int) -> Takeover:
    """Return a request about which this officer decides, or 404."""
    return get_object_or_404(with_dossier(may_decide_takeover.rows(request.user)), pk=pk)


def _shown(request: StaffRequest, found: Takeover) -> dict[str, Any]:
    """Return what the office weighs."""
    can_undo = may_undo_takeover.allows(request.user, found)
    return {
        "takeover": found,
        "proof": getattr(found, "proof", None),
        "claim": claim_of(found),
        "ended": list(ended_before(found)),
        "earlier": list(asked_before(found)[:_SHOWN]),
        "others": list(others_asking(found)),
        "partners": list(partners_of(found)),
        "shares_domain": shares_domain(found),
        "leads_more": found.application is not None and leads_more_than(found),
        "can_decide": to_decide(request.user, at=request.received_at).filter(pk=found.pk).exists(),
        "can_refuse": is_unwarned(found),
        "can_undo": can_undo and not has_acted(found),
        "has_acted": can_undo and has_acted(found),
    }
