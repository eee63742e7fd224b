"""The map of regions, and the search for one's own."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from regions.finding import Hit, find_regions
from regions.models import Region
from regions.views.found_wording import rows_of
from website.domain.coverage import coverage_map
from website.forms import FindRegionForm

SUGGESTIONS_SHOWN = 8


@require_safe
def region_map(request: ReceivedRequest) -> HttpResponse:
    """Show every region on a map, and in a list that says the same."""
    return render(request, "website/map.html", {"map": coverage_map(), "form": FindRegionForm()})


@require_safe
def find_region(request: ReceivedRequest) -> HttpResponse:
    """Show the regions that a postcode, a municipality or a name points to; a single one at once."""
    if "zoek" not in request.GET:
        return redirect("website:map")
    form = FindRegionForm(request.GET)
    if not form.is_valid():
        return render(request, "website/find_region.html", {"form": form, "crumbs": crumbs()}, status=422)
    typed = form.cleaned_data["zoek"]
    answer = find_regions(typed)
    if answer.certain and "alle" not in request.GET:
        return redirect(found_page(answer.certain.region, typed))
    rows = [{**row, "url": found_page(row["region"], typed)} for row in rows_of(answer.found)]
    context = {"form": form, "found": rows, "typed": typed, "crumbs": crumbs()}
    return render(request, "website/find_region.html", context)


@require_safe
def suggestions(request: ReceivedRequest) -> JsonResponse:
    """Return what the search box offers while somebody types: names that lead to one place each."""
    form = FindRegionForm(request.GET)
    found = find_regions(form.cleaned_data["zoek"]).found if form.is_valid() else []
    names = dict.fromkeys(name for each in found for hit in each.hits if (name := offered(hit)))
    return JsonResponse({"names": list(names)[:SUGGESTIONS_SHOWN]})


def offered(hit: Hit) -> str:
    """Return what is offered for a hit: a name, with its municipality where that has another one."""
    if hit.name is None:
        return ""
    municipality = hit.municipality.name if hit.municipality else ""
    return f"{hit.name.name} ({municipality})" if municipality not in {"", hit.name.name} else hit.name.name


def found_page(found: Region, typed: str) -> str:
    """Return the address of a region's page that says by what it was found."""
    return f"{reverse('website:region', args=[found.slug])}?{urlencode({'via': typed})}"


def crumbs() -> list[dict[str, Any]]:
    """Return the way to the pages below the map."""
    return [{"label": _("Regions"), "url": reverse("website:map")}]
