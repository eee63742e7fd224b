"""Pages of a reviewer: assignments, and the application beside its rubric."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.frozen import frozen_content
from applications.enums import Status
from applications.models import Application
from applications.permissions import may_read
from hubportal.accounts.permissions import REVIEWERS
from hubportal.middleware import wants_json
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer, saved_in_words
from reviews.admin.access import opened_or_declare
from reviews.admin.forms import ReviewForm
from reviews.advice_queries import withdrawal_requests_on
from reviews.domain.reviewing import (
    Incomplete,
    can_be_written,
    is_complete,
    is_withdrawn,
    missing_in,
    save_review,
)
from reviews.models import Assignment, Review
from reviews.permissions import may_review
from reviews.queries import (
    assignments_of,
    assignments_shown,
    complete_reviews,
    is_declared_by,
    review_on,
    reviews_waiting_for,
)


@require_safe
@only_for(REVIEWERS)
def assignments(request: StaffRequest) -> HttpResponse:
    """List the assignments, open ones first."""
    user = request.user
    waiting_first = assignments_of(user).order_by(
        F("completed_at").asc(nulls_first=True), "assigned_at", "pk"
    )
    shown = assignments_shown().annotate(
        is_open=may_read.on_each(user, key="application"),
        is_declared=is_declared_by(user, application="application"),
    )
    chosen = page_of_rows(request, waiting_first, shown=shown)
    return page(request, "admin/reviews/assignments.html", {"page": chosen, "statuses": Status})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(REVIEWERS)
def review(request: StaffRequest, reference: str) -> HttpResponse:
    """Show an application beside its rubric; save the review, and complete it."""
    application = opened_or_declare(request, reference, may_read, "frozen")
    if isinstance(application, HttpResponseRedirect):
        return application
    assignment = get_object_or_404(may_review.rows(request.user), application=application)
    assignment.application = application
    existing = review_on(assignment).first()
    if request.method == "POST" and is_complete(existing) and not wants_json(request):
        # Completed already by an earlier click.
        return redirect("admin:review", reference)
    form = _form(request, application, existing)

    def act() -> Saved:
        done = save_review(
            assignment_id=assignment.pk,
            judgements=form.judgements(),
            remark=form.cleaned_data["remark"],
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(done.version, done.saved_at)

    def page_of(outcome: SaveOutcome) -> HttpResponse:
        # Somebody with two windows may have saved meanwhile.
        own = review_on(assignment).first() if request.method == "POST" else existing
        return _page(request, assignment, own, form, outcome)

    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept, assignment, form),
        saved=partial(_saved, request, assignment, form, page_of),
        page=page_of,
    )


def _form(request: StaffRequest, application: Application, existing: Review | None) -> ReviewForm:
    criteria = list(application.call.criteria.prefetch_related("steps"))
    typed = request.POST if request.method == "POST" else None
    return ReviewForm(application.call, criteria, review=existing, data=typed)


def _kept(assignment: Assignment, form: ReviewForm) -> Kept | None:
    now = review_on(assignment).first()
    return Kept(now.version, form.kept(now), assignment.reviewer, now.saved_at) if now else None


def _saved(
    request: StaffRequest,
    assignment: Assignment,
    form: ReviewForm,
    page_of: Callable[[SaveOutcome], HttpResponse],
    done: Saved,
) -> HttpResponse:
    """Tell that the review is saved or, when it is to be completed, show what is missing or what will be fixed."""
    if "complete" not in request.POST:
        messages.success(request, _("Saved. Your review is not complete yet; you can continue later."))
        return redirect(request.path)
    application = assignment.application
    missing = missing_in(application.call, review_on(assignment).first())
    if not missing:
        return redirect("admin:check_review", application.reference)
    form.add_missing(Incomplete(missing))
    form.add_error(None, _("What you wrote has been saved, but the review is not complete yet."))
    form.show_version(done.version)
    return page_of(SaveOutcome(422, saved=done))


def _page(
    request: StaffRequest,
    assignment: Assignment,
    own: Review | None,
    form: ReviewForm,
    outcome: SaveOutcome,
) -> HttpResponse:
    user, application = request.user, assignment.application
    context = {
        "application": application,
        "content": frozen_content(application),
        "form": form,
        "newer": outcome.newer,
        "is_unsaved": request.method == "POST" and outcome.saved is None,
        "saved_line": saved_in_words(own.saved_at, at=request.received_at) if own else "",
        "is_writable": can_be_written(application, own),
        "is_withdrawn": is_withdrawn(application),
        "is_complete": is_complete(own),
        # What was begun stays readable to its writer when it can no longer be handed in.
        "begun": own if own and not is_complete(own) else None,
        "can_take_back": is_complete(own) and application.status == Status.SEALED,
        "withdrawals": own.withdrawals.all() if own else (),
        "last_request": withdrawal_requests_on(own).first() if own else None,
        "complete_reviews": complete_reviews(user, application),
        "next": reviews_waiting_for(user).exclude(pk=assignment.pk).select_related("application").first(),
    }
    return page(request, "admin/reviews/review.html", context, status=outcome.status)
