"""Pages of chair and deputy on which something binds: adopting the advice, and taking it back (rule 30)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.queries import with_coalition
from calls.enums import Outcome
from hubportal.accounts.permissions import CHAIRS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.kernel.versions import NewerVersion
from hubportal.office.pages import StaffRequest, only_for, page
from reviews.admin.forms import ReasonForm
from reviews.admin.seen import changed_meanwhile
from reviews.advice_queries import advice_draft_on, unanswered_requests_on
from reviews.domain.advice_shown import digest_of_advice
from reviews.domain.advising import can_be_advised, check_advice, fix_advice
from reviews.domain.results import results_for
from reviews.domain.withdrawing import withdraw_advice
from reviews.models import AdviceDraft
from reviews.permissions import may_advise
from reviews.queries import advice_on, complete_reviews


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def check_and_adopt(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the advice as it will be adopted, and adopt it."""
    application = _application(request, reference)
    # Before what is shown is read: what changes in between is then not taken for seen.
    seen = digest_of_advice(application, reader=request.user) if request.method != "POST" else ""
    draft = advice_draft_on(application).first()
    result = results_for(request.user, [application]).get(application.pk)
    if draft is None or advice_on(application).exists() or not can_be_advised(application, result):
        # Adopted by an earlier click, or not there yet: its own page says which.
        return redirect("admin:advice", reference)
    if request.method == "POST":
        return _adopt(request, application, draft)
    context = {
        "application": application,
        "draft": draft,
        "result": result,
        "refusal": _refusal(request, application, draft),
        "shown": {"seen": seen},
        "reviews": complete_reviews(request.user, application),
        "asked": unanswered_requests_on(application).select_related("review__assignment__reviewer"),
    }
    return page(request, "admin/reviews/check_advice.html", context)


def _refusal(request: StaffRequest, application: Application, draft: AdviceDraft) -> str:
    try:
        check_advice(
            application,
            request.user,
            outcome=draft.outcome,
            amount=draft.amount,
            text=draft.text,
            rank=draft.rank,
        )
    except RuleViolation as refusal:
        return str(refusal)
    return ""


def _adopt(request: StaffRequest, application: Application, draft: AdviceDraft) -> HttpResponse:
    reference = application.reference
    if refused := _refusal(request, application, draft):
        messages.error(request, refused)
        return redirect("admin:check_advice", reference)
    try:
        fixed = fix_advice(
            application_id=application.pk,
            outcome=Outcome(draft.outcome),
            amount=draft.amount or ZERO,
            text=draft.text,
            rank=draft.rank,
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=request.received_at,
        )
    except NewerVersion:
        changed_meanwhile(request)
        return redirect("admin:check_advice", reference)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:check_advice", reference)
    if fixed.fixed_by_id == request.user.pk:
        messages.success(request, _("The advice has been adopted."))
    else:
        told = _("%(name)s adopted the advice before you. It is shown here.") % {"name": fixed.fixed_by}
        messages.info(request, told)
    return redirect("admin:advice", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def withdraw(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why the advice is taken back, and take it back."""
    application = _application(request, reference)
    fixed = advice_on(application).select_related("decision").first()
    if fixed is None or hasattr(fixed, "decision"):
        return redirect("admin:advice", reference)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": fixed.pk})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_advice(
                application_id=application.pk,
                seen_advice=form.cleaned_data["seen"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
            form.show_seen(fixed.pk)
        else:
            messages.success(
                request,
                _(
                    "The advice has been taken back. You can go on with it here; reviews can be changed again."
                ),
            )
            return redirect("admin:advice", reference)
    context = {"application": application, "advice": fixed, "form": form}
    return page(request, "admin/reviews/withdraw_advice.html", context, status=422 if form.errors else 200)


def _application(request: StaffRequest, reference: str) -> Application:
    return get_object_or_404(with_coalition(may_advise.rows(request.user)), reference=reference)
