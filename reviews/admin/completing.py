"""Pages of a reviewer on which something binds: handing in a review, and taking it back (rule 30)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.waiting import completion_shown
from applications.enums import Status
from applications.permissions import may_read
from hubportal.accounts.permissions import REVIEWERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from reviews.admin.forms import ReasonForm
from reviews.admin.seen import changed_meanwhile, seen_in
from reviews.advice_queries import knows_others, withdrawal_requests_on
from reviews.domain.asking_back import ask_to_withdraw_review
from reviews.domain.results import weighted_mean
from reviews.domain.reviewing import can_be_written, complete_review, is_complete, missing_in
from reviews.domain.withdrawing import withdraw_review
from reviews.models import Assignment, Review
from reviews.permissions import may_review
from reviews.queries import review_on


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(REVIEWERS)
def check_review(request: StaffRequest, reference: str) -> HttpResponse:
    """Show a review as it will be handed in, and hand it in."""
    assignment = _assignment(request, reference)
    application = assignment.application
    own = review_on(assignment).first()
    if own is None or not can_be_written(application, own) or missing_in(application.call, own):
        # Handed in by an earlier click, or something is missing: its own page says which.
        return redirect("admin:review", reference)
    if request.method == "POST":
        return _complete(request, assignment, own)
    scores = list(own.scores.all())
    context = {
        "application": application,
        "review": own,
        "seen_completion": completion_shown(application),
        "scores": scores,
        "mean": weighted_mean((each.criterion.weight, each.value or 0) for each in scores),
    }
    return page(request, "admin/reviews/check_review.html", context)


def _complete(request: StaffRequest, assignment: Assignment, own: Review) -> HttpResponse:
    reference = assignment.application.reference
    if seen_in(request) != own.version:
        changed_meanwhile(request)
        return redirect("admin:check_review", reference)
    try:
        complete_review(
            assignment_id=assignment.pk,
            seen_version=own.version,
            seen_completion=request.POST.get("completion", ""),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your review is complete. Thank you."))
    return redirect("admin:review", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(REVIEWERS)
def withdraw(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why a complete review is taken back, and take it back, or ask the chair to."""
    assignment = _assignment(request, reference)
    own = review_on(assignment).first()
    if own is None or not is_complete(own) or assignment.application.status != Status.SEALED:
        return redirect("admin:review", reference)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": own.version})
    if request.method == "POST" and form.is_valid():
        try:
            _take_back_or_ask(request, assignment, form)
        except RuleViolation as refusal:
            add_violation(form, refusal)
            form.show_seen(own.version)
        else:
            return redirect("admin:review", reference)
    context = {
        "application": assignment.application,
        "form": form,
        "asks_chair": knows_others(own),
        "last_request": withdrawal_requests_on(own).first(),
    }
    return page(request, "admin/reviews/withdraw_review.html", context, status=422 if form.errors else 200)


def _take_back_or_ask(request: StaffRequest, assignment: Assignment, form: ReasonForm) -> None:
    asks = "ask" in request.POST
    act = ask_to_withdraw_review if asks else withdraw_review
    act(
        assignment_id=assignment.pk,
        reason=form.cleaned_data["reason"],
        seen_version=form.cleaned_data["seen"],
        actor=request.user,
        at=request.received_at,
    )
    if asks:
        told = _("The chair has been asked. Until there is an answer, your review counts as it is.")
    else:
        told = _("You have taken your review back. Change it, and hand it in again.")
    messages.success(request, told)


def _assignment(request: StaffRequest, reference: str) -> Assignment:
    application = get_object_or_404(may_read.rows(request.user), reference=reference)
    mine = may_review.rows(request.user).select_related("application__call")
    return get_object_or_404(mine, application=application)
