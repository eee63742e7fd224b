"""Pages of a reviewer: what is assigned, and the application beside its rubric."""

from django.contrib import messages
from django.db.models import Exists, F, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.frozen import frozen_content
from applications.domain.locking import NewerVersion
from applications.enums import Status
from applications.models import Application
from applications.permissions import may_read
from hubportal.accounts.permissions import REVIEWERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page, page_of_rows
from reviews.admin.forms import ReviewForm
from reviews.admin.opening import opened_or_declare
from reviews.domain.reviewing import Incomplete, can_be_written, complete_review, is_complete, save_review
from reviews.models import Assignment, InterestDeclaration, Review
from reviews.permissions import may_review
from reviews.queries import assignments_of, complete_reviews, reviews_waiting_for, with_scores


@require_safe
@only_for(REVIEWERS)
def assignments(request: StaffRequest) -> HttpResponse:
    """List what is assigned: what still waits in front."""
    user = request.user
    of_row = {"application": OuterRef("application"), "user": user}
    waiting_first = assignments_of(user).order_by(
        F("completed_at").asc(nulls_first=True), "assigned_at", "pk"
    )
    shown = Assignment.objects.select_related(
        "review",
        "application__review_round__call",
        "application__coalition__region",
        "application__coalition__lead_organisation",
    ).annotate(
        is_open=may_read.on_each(user, key="application"),
        is_declared=Exists(InterestDeclaration.objects.filter(**of_row, replaced_at=None)),
    )
    chosen = page_of_rows(request, waiting_first, shown=shown)
    return page(request, "admin/reviews/assignments.html", {"page": chosen, "sealed": Status.SEALED})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(REVIEWERS)
def review(request: StaffRequest, reference: str) -> HttpResponse:
    """Show an application beside its rubric; save what is written, and complete it."""
    application = opened_or_declare(request, reference, may_read, "frozen")
    if isinstance(application, HttpResponseRedirect):
        return application
    assignment = get_object_or_404(may_review.rows(request.user), application=application)
    assignment.application = application
    existing = _review_of(assignment)
    is_writable = can_be_written(application, existing)
    if request.method == "POST" and is_complete(existing):
        # A second click on "complete": the first did it.
        return redirect("admin:review", reference)
    form = _form(request, application, existing)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _save(request, assignment, form):
            return redirect("admin:review", reference)
        status = 422
        # Somebody with two windows may have saved meanwhile.
        existing = _review_of(assignment)
    return _page(request, assignment, existing, form, is_writable=is_writable, status=status)


def _form(request: StaffRequest, application: Application, existing: Review | None) -> ReviewForm:
    criteria = list(application.call.criteria.prefetch_related("steps"))
    typed = request.POST if request.method == "POST" else None
    return ReviewForm(application.call, criteria, review=existing, data=typed)


def _save(request: StaffRequest, assignment: Assignment, form: ReviewForm) -> bool:
    """Save what was typed and, when asked, complete it; tell whether all of that was done."""
    user, at = request.user, request.received_at
    try:
        saved = save_review(
            assignment_id=assignment.pk,
            judgements=form.judgements(),
            remark=form.cleaned_data["remark"],
            seen_version=form.cleaned_data["version"],
            actor=user,
            at=at,
        )
    except NewerVersion as newer:
        current = _review_of(assignment)
        if current is not None and form.is_as_saved(current):
            saved = current
        else:
            if current is not None:
                form.show_newer(current)
            form.add_error(None, str(newer))
            return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    if "complete" not in request.POST:
        messages.success(request, _("Saved. Your review is not complete yet; you can go on later."))
        return True
    return _complete(request, assignment, saved, form)


def _complete(request: StaffRequest, assignment: Assignment, saved: Review, form: ReviewForm) -> bool:
    try:
        complete_review(assignment_id=assignment.pk, actor=request.user, at=request.received_at)
    except Incomplete as refusal:
        form.go_on_from(saved)
        form.add_missing(refusal)
        form.add_error(None, _("What you wrote is saved, but the review is not complete yet."))
        return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(request, _("Your review is complete. Thank you."))
    return True


def _page(
    request: StaffRequest,
    assignment: Assignment,
    own: Review | None,
    form: ReviewForm,
    *,
    is_writable: bool,
    status: int,
) -> HttpResponse:
    user, application = request.user, assignment.application
    context = {
        "application": application,
        "content": frozen_content(application),
        "form": form,
        "own": own,
        "is_writable": is_writable,
        "is_complete": is_complete(own),
        "complete_reviews": complete_reviews(user, application),
        "next": reviews_waiting_for(user).exclude(pk=assignment.pk).select_related("application").first(),
    }
    return page(request, "admin/reviews/review.html", context, status=status)


def _review_of(assignment: Assignment) -> Review | None:
    return with_scores(Review.objects.filter(assignment=assignment)).first()
