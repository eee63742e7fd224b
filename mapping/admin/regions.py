"""Pages of administrators about regions: who maps them, and who is to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from mapping.admin.forms import AssignForm
from mapping.assignment_queries import regions_with_kwartiermakers
from mapping.domain.assignments import assign_region
from mapping.permissions import may_assign_regions


@require_safe
@only_for(may_assign_regions)
def regions(request: StaffRequest) -> HttpResponse:
    """List the regions with who maps them, those that nobody maps first."""
    return page(request, "admin/mapping/regions.html", {"regions": list(regions_with_kwartiermakers())})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_assign_regions)
def assign(request: StaffRequest, slug: str) -> HttpResponse:
    """Assign a region to a kwartiermaker, perhaps in the place of another one."""
    region = get_object_or_404(regions_with_kwartiermakers(), slug=slug)
    form = AssignForm(request.POST if request.method == "POST" else None, region=region)
    if form.is_valid():
        try:
            assign_region(region=region, **form.cleaned_data, actor=request.user, at=request.received_at)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("The region has been assigned, and the person has been mailed."))
            return redirect("admin:regions")
    context = {"region": region, "form": form}
    return page(request, "admin/mapping/assign.html", context, status=422 if form.errors else 200)
