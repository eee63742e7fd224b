"""Taking organisations off the map of a region, and the bin from which they can be put back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.paging import ROWS_PER_PAGE
from mapping.domain import removing
from mapping.enums import KEPT_IN_BIN, ActOnRow
from mapping.permissions import may_edit
from mapping.queries import bin_of, engagements_of, entry_of, on_map_or_in_bin
from mapping.views.acts import note_act, told_back
from mapping.views.workspace import REMOVED_JUST_NOW, assigned_region, row_address
from organisations.queries import organisations_in
from regions.models import Region


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Say what goes along, then take an organisation off the map of the region."""
    region = assigned_region(request, slug)
    if request.method == "POST" and bin_of(region).filter(organisation__map_key=organisation_key).exists():
        # A second click.
        return redirect(_grid(request, region))
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    organisation = get_object_or_404(known, map_key=organisation_key)
    if request.method == "POST":
        removing.remove_from_map(
            organisation_id=organisation.pk, region=region, actor=request.user, at=request.received_at
        )
        request.session[REMOVED_JUST_NOW] = str(organisation.map_key)
        note_act(request, region, ActOnRow.WENT, organisation)
        return redirect(_grid(request, region))
    context = {
        "region": region,
        "organisation": organisation,
        "entry": entry_of(organisation, region),
        "engagements": engagements_of(organisation, region),
        "next": asked_next(request),
    }
    return render(request, "mapping/remove.html", context)


def _grid(request: SignedInRequest, region: Region) -> str:
    grid = asked_next(request) or reverse("mapping:workspace", args=[region.slug])
    return grid.partition("#")[0]


@login_required
@require_safe
def bin_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """List what was taken off the map of the region and can be put back."""
    region = assigned_region(request, slug)
    page = Paginator(bin_of(region), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, each.removed_at + KEPT_IN_BIN) for each in page if each.removed_at]
    return render(request, "mapping/bin.html", {"region": region, "page": page, "rows": rows})


@login_required
@require_POST
def put_back(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Put an organisation back on the map of the region."""
    region = assigned_region(request, slug)
    organisation = get_object_or_404(on_map_or_in_bin(region), map_key=organisation_key)
    is_binned = bin_of(region).filter(organisation=organisation).exists()
    try:
        back = removing.put_back(
            organisation_id=organisation.pk, region=region, actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("mapping:bin", slug)
    if is_binned:
        note_act(request, region, ActOnRow.CAME_BACK, organisation)
    messages.success(request, told_back(back))
    return redirect(row_address(request, region, organisation))
