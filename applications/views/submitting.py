"""Reading everything once more, submitting and withdrawing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain import submitting
from applications.domain.content import content_of, whole_digest
from applications.domain.lifecycle import WrongStatus
from applications.domain.readiness import NotReady
from applications.domain.snapshot import snapshot_of
from applications.domain.way_back import reinstate_until, way_back_of
from applications.forms.withdrawing import WithdrawForm
from applications.models import Application
from applications.permissions import may_manage
from applications.queries import with_coalition
from applications.views.access import led_page
from applications.views.draft_copies import copies_shown
from applications.views.steps import draft_response
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import SignedInRequest


@require_safe
@led_page
def check(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show everything on one page, what is missing, and the button to submit."""
    return _check_page(request, application)


@require_http_methods(["GET", "HEAD", "POST"])
@led_page
def submit(request: SignedInRequest, application: Application) -> HttpResponse:
    """Submit for the round that was shown, then show the receipt, or why not (rules 2 and 3)."""
    if request.method != "POST":
        # Who reads the refusal in another language, or opens its address again, submits nothing.
        return redirect("applications:check", application.reference)
    try:
        submitting.submit(
            application_id=application.pk,
            for_round_id=_round_shown(request),
            seen=request.POST.get("seen"),
            actor=request.user,
            at=request.received_at,
        )
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:status", application.reference)
    except NotReady as refusal:
        return _check_page(request, application, refusal=refusal, status=422)
    except RuleViolation as refusal:
        # The page offers the round that it would join now, in one click.
        return _check_page(request, application, refusal=refusal, status=409)
    messages.success(
        request,
        _(
            "Your application has been submitted. Your confirmation is below. Mind the declaration: it has to be signed."
        ),
    )
    return redirect("applications:status", application.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask for confirmation, then withdraw. Idempotent."""
    application = get_object_or_404(with_coalition(may_manage.rows(request.user)), reference=reference)
    if request.method != "POST" and not submitting.offers_withdrawal(application):
        return redirect("applications:status", reference)
    # Of a draft nobody is asked why.
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _withdraw_page(request, application, form)
    try:
        submitting.withdraw(
            application_id=application.pk,
            seen=request.POST.get("seen", ""),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except NewerVersion as refusal:
        messages.warning(request, str(refusal))
        application.refresh_from_db()
        return _withdraw_page(request, application, form)
    except WrongStatus:
        # Not the domain's sentence: it names a status that must not show before the letter.
        messages.error(
            request,
            _("This application can no longer be withdrawn here. Please contact the programme office."),
        )
    else:
        messages.success(request, _("Your application has been withdrawn."))
    return redirect("applications:status", reference)


def _withdraw_page(request: SignedInRequest, application: Application, form: WithdrawForm) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "until": reinstate_until(application, withdrawn_at=request.received_at),
        "way_back": way_back_of(application, at=request.received_at),
    }
    return render(
        request, "applications/withdraw.html", context, status=200 if request.method != "POST" else 422
    )


def _check_page(
    request: SignedInRequest,
    application: Application,
    *,
    refusal: RuleViolation | None = None,
    status: int = 200,
) -> HttpResponse:
    snapshot = snapshot_of(application)
    return draft_response(
        request,
        "applications/check.html",
        snapshot,
        "check",
        status=status,
        content=content_of(snapshot),
        attachments=snapshot.attachments,
        copies=copies_shown(application, request.user),
        seen=whole_digest(snapshot),
        refusal=refusal,
    )


def _round_shown(request: SignedInRequest) -> int:
    shown = request.POST.get("round", "")
    # An invalid round number: the act then offers the current round.
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0
