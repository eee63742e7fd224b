"""The kwartiermaker's workspace: the regions assigned to them, and the organisations in each."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from hubportal.accounts.permissions import KWARTIERMAKERS
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.forms.filter_forms import FilterForm
from mapping.permissions import may_map
from mapping.queries import (
    municipalities_without_organisations,
    numbers_of_organisations,
    organisations_shown,
    with_municipality_count,
)
from regions.models import Region


@login_required
@require_safe
def my_regions(request: SignedInRequest) -> HttpResponse:
    """List the regions assigned to the kwartiermaker; 404 for anybody else."""
    if not KWARTIERMAKERS.includes(request.user):
        raise Http404
    regions = list(with_municipality_count(may_map.rows(request.user))[:ROWS_PER_PAGE])
    return render(request, "mapping/my_regions.html", {"regions": regions})


def assigned_region(request: SignedInRequest, slug: str) -> Region:
    """Return the region with this name in its address; 404 unless it is assigned to the person."""
    return get_object_or_404(may_map.rows(request.user), slug=slug)


@login_required
@require_safe
def workspace(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the organisations of a region per municipality, and where none is known yet."""
    region = assigned_region(request, slug)
    form = FilterForm(request.GET, municipalities=region.municipalities.all())
    stream, municipality = form.chosen()
    listed = organisations_shown(region, stream=stream, municipality=municipality)
    return render(
        request,
        "mapping/workspace.html",
        {
            "region": region,
            "form": form,
            "is_filtered": bool(stream or municipality),
            "stream": stream,
            "figures": numbers_of_organisations(region),
            "municipalities_without_organisations": municipalities_without_organisations(
                region, stream=stream
            ),
            "page": Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        },
    )
