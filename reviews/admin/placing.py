"""Pages of the office: who reviews what, ended and given by hand (rule 15)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import Status
from applications.models import Application
from applications.queries import every_application, with_coalition, with_headline
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from reviews.admin.access import opened_or_declare
from reviews.admin.forms import EndAssignmentForm, GiveAssignmentForm
from reviews.domain.placing import end_assignment, give_assignment
from reviews.permissions import may_place_reviewers
from reviews.placements import (
    assigned_to,
    free_reviewers,
    number_of_free_reviewers,
    to_place,
    undeclared_to_place,
    with_places,
)


@require_safe
@only_for(OFFICERS)
def waiting(request: StaffRequest) -> HttpResponse:
    """List the applications that lack a reviewer, with what would help."""
    ordered = to_place(request.user).order_by("review_round__deadline_at", "reference")
    chosen = page_of_rows(request, ordered, shown=with_places(with_coalition(every_application())))
    free = number_of_free_reviewers([each.pk for each in chosen.object_list])
    context = {
        "page": chosen,
        "rows": [{"application": each, "free": free[each.pk]} for each in chosen.object_list],
        "undeclared": undeclared_to_place(request.user).count(),
    }
    return page(request, "admin/reviews/placements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def application(request: StaffRequest, reference: str) -> HttpResponse:
    """Show who reviews an application; end an assignment, or give one."""
    found = opened_or_declare(request, reference, may_place_reviewers)
    if isinstance(found, HttpResponseRedirect):
        return found
    typed = request.POST if request.method == "POST" else None
    assignments = assigned_to(found)
    ending = EndAssignmentForm(assignments, typed if typed and "end" in typed else None)
    giving = GiveAssignmentForm(free_reviewers(found), typed if typed and "give" in typed else None)
    if (ending.is_bound and _end(request, ending)) or (giving.is_bound and _give(request, found, giving)):
        return redirect(request.path)
    context = {
        "application": with_headline(every_application()).get(pk=found.pk),
        "assignments": assignments,
        "ending": ending,
        "giving": giving,
        "is_open": found.status == Status.SEALED,
    }
    return page(request, "admin/reviews/placement.html", context, status=422 if typed is not None else 200)


def _end(request: StaffRequest, form: EndAssignmentForm) -> bool:
    if not form.is_valid():
        return False
    try:
        end_assignment(
            assignment_id=form.cleaned_data["assignment"].pk,
            explanation=form.cleaned_data["explanation"],
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(request, _("The assignment has ended. Someone else is being looked for."))
    return True


def _give(request: StaffRequest, found: Application, form: GiveAssignmentForm) -> bool:
    if not form.is_valid():
        return False
    try:
        given = give_assignment(
            application_id=found.pk, **form.cleaned_data, actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(request, _("%(name)s has been assigned, and gets an e-mail.") % {"name": given.reviewer})
    return True
