"""Pages about what is past its retention period: reports, approval by two people, taking back, and what was destroyed.

They show kinds and numbers of rows, never content: nobody learns here what a draft or a mail said (rule 26).
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE
from retention.domain.approving import (
    DAYS_TO_RECONSIDER,
    approve_destruction,
    can_approve,
    can_take_back,
    state_of,
    take_back_destruction,
)
from retention.forms import TakeBackForm
from retention.permissions import may_approve_destruction
from retention.queries import periods_with_their_end, reports, rows_of


@require_safe
@only_for(may_approve_destruction)
def reports_page(request: StaffRequest) -> HttpResponse:
    """List the reports, open ones first, and the period of each kind of data."""
    chosen = Paginator(reports(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": chosen,
        "rows": [(each, state_of(each, at=request.received_at)) for each in chosen],
        "periods": periods_with_their_end(),
        "days": DAYS_TO_RECONSIDER,
    }
    return page(request, "admin/retention/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_approve_destruction)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """Show everything that a report lists and what became of it; approve it."""
    found = get_object_or_404(reports(), pk=pk)
    if request.method == "POST":
        return _approve(request, pk)
    chosen = Paginator(rows_of(found), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    at = request.received_at
    context = {
        "report": found,
        "page": chosen,
        "state": state_of(found, at=at),
        "can_approve": can_approve(found, request.user, at=at),
        "can_take_back": can_take_back(found, at=at),
        "days": DAYS_TO_RECONSIDER,
    }
    return page(request, "admin/retention/report.html", context)


def _approve(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        approved = approve_destruction(report_id=pk, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        if approved.second_approver_id is None:
            messages.success(request, _("You have approved this. A second person has to approve it too."))
        else:
            messages.success(request, _("Two people have approved this. It can still be taken back."))
    return redirect("admin:destruction_report", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_approve_destruction)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take a report back."""
    found = get_object_or_404(reports(), pk=pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _took_back(request, pk, form):
        messages.success(request, _("The report has been taken back. Nothing was destroyed."))
        return redirect("admin:destruction_reports")
    context = {"report": found, "form": form}
    return page(request, "admin/retention/take_back.html", context, status=422 if form.errors else 200)


def _took_back(request: StaffRequest, pk: int, form: TakeBackForm) -> bool:
    reason = form.cleaned_data["reason"]
    try:
        take_back_destruction(report_id=pk, reason=reason, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="reason")
        return False
    return True
