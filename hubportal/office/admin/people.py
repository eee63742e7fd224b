"""Pages of administrators: people, and the roles they hold."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.accounts.domain.roles import change_roles, roles_in_short
from hubportal.accounts.enums import SECOND_FACTOR_ROLES, Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import may_change_roles, takes_part_now
from hubportal.accounts.queries import people_in_office, people_matching
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.office.admin.forms import RolesForm, SearchForm
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.office.site import told_about
from hubportal.paging import ROWS_PER_PAGE


@require_safe
@only_for(may_change_roles)
def people(request: StaffRequest) -> HttpResponse:
    """List the people with a role, or those whose name or address matches."""
    form = SearchForm(request.GET)
    typed = form.cleaned_data["zoek"].strip() if form.is_valid() else ""
    rows = people_matching(typed) if typed else people_in_office()
    chosen = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "admin/office/people.html", {"page": chosen, "form": form, "typed": typed})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_change_roles)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one person with their roles, and change these."""
    found = get_object_or_404(User, pk=pk)
    held = {"roles": sorted(found.roles), "seen": roles_in_short(found.roles)}
    form = RolesForm(request.POST if request.method == "POST" else None, initial=held)
    is_checked = request.method == "POST" and form.is_valid() and "back" not in request.POST
    # Of what was shown: what a colleague gave since is taken by nobody.
    taken = _taken(form) if is_checked else []
    if is_checked and (not taken or "take" in request.POST):
        taken = []
        if _change(request, found, form):
            return redirect("admin:person", pk)
    is_tied = takes_part_now(request.user)
    context = {
        "person": found,
        "form": form,
        "taken": taken,
        "kept": form.cleaned_data if taken else {},
        # Whoever takes part in a call changes no roles now, and would read of rivals.
        "known": [] if is_tied else told_about(found),
        "is_tied": is_tied,
        "needs_second_factor": not found.roles.isdisjoint(SECOND_FACTOR_ROLES),
        "is_kwartiermaker": Role.KWARTIERMAKER in found.roles,
    }
    return page(request, "admin/office/person.html", context, status=422 if form.errors else 200)


def _taken(form: RolesForm) -> list[Any]:
    """Return in words which of the roles that were shown are ticked no more: what ends with one does not come back (rule 30)."""
    ticked = form.cleaned_data["roles"]
    shown = form.cleaned_data["seen"].split()
    return [role.label for role in Role if role.value in shown and role.value not in ticked]


def _change(request: StaffRequest, found: User, form: RolesForm) -> bool:
    wanted = {Role(each) for each in form.cleaned_data["roles"]}
    try:
        change_roles(
            user=found,
            roles=wanted,
            seen=form.cleaned_data["seen"],
            actor=request.user,
            at=request.received_at,
        )
    except NewerVersion as refusal:
        # Shown as they are now: what was ticked before would give back what a colleague took.
        messages.warning(request, str(refusal))
        return True
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(request, _("The roles have been changed."))
    return True
