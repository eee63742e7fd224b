"""The page on which administrators assign regions to a kwartiermaker."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.queries import people_in_role
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from mapping.admin.forms import RegionsForm
from mapping.domain.assignments import change_regions, regions_in_short
from mapping.permissions import may_assign_regions
from mapping.queries import regions_assigned_to


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_assign_regions)
def regions(request: StaffRequest, pk: int) -> HttpResponse:
    """Show which regions a kwartiermaker maps, and change them."""
    person = get_object_or_404(people_in_role(Role.KWARTIERMAKER), pk=pk)
    held = list(regions_assigned_to(person).values_list("pk", flat=True))
    shown = {"regions": held, "seen": regions_in_short(held)}
    form = RegionsForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid() and _change(request, person, form):
        return redirect("admin:person", pk)
    context = {"person": person, "form": form}
    return page(request, "admin/mapping/assigned.html", context, status=422 if form.errors else 200)


def _change(request: StaffRequest, person: User, form: RegionsForm) -> bool:
    wanted = list(form.cleaned_data["regions"])
    try:
        change_regions(
            user=person,
            regions=wanted,
            seen=form.cleaned_data["seen"],
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(request, _("The regions have been assigned."))
    return True
