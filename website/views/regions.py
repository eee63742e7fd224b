"""The map of regions, the search for one's own, and a page per region."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from mapping.ties import public_ties_of
from organisations.queries import organisations_in, public_organisations
from regions.finding import Hit, find_regions, places_called
from regions.models import Region
from regions.queries import all_regions
from regions.views.found_wording import lines_of, rows_of
from website.domain.coverage import coverage_map
from website.enums import HubState
from website.forms import FindRegionForm
from website.queries import grants_in, public_states, with_states

ORGANISATIONS_PER_PAGE = 50
GRANTS_SHOWN = 50
SUGGESTIONS_SHOWN = 8

_BADGES = {
    HubState.NOTHING: "neutral",
    HubState.MAPPED: "neutral",
    HubState.FORMING: "info",
    HubState.SUBMITTED: "warning",
    HubState.GRANTED: "ok",
}


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
        return render(request, "website/find_region.html", {"form": form, "crumbs": _crumbs()}, status=422)
    typed = form.cleaned_data["zoek"]
    answer = find_regions(typed)
    if answer.certain and "alle" not in request.GET:
        return redirect(found_page(answer.certain.region, typed))
    rows = [{**row, "url": found_page(row["region"], typed)} for row in rows_of(answer.found)]
    context = {"form": form, "found": rows, "typed": typed, "crumbs": _crumbs()}
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


@require_safe
def region(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show the public page of a region."""
    found = get_object_or_404(with_states(all_regions()), slug=slug)
    published = public_organisations().filter(pk__in=organisations_in(found).values("pk"))
    public = public_states([found])[found.pk]
    page = Paginator(published.select_related("municipality"), ORGANISATIONS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    tied = public_ties_of(page)
    via = request.GET.get("via", "")[: FindRegionForm.MOST_LETTERS]
    return render(
        request,
        "website/region.html",
        {
            "region": found,
            "found_by": lines_of(places_called(via, found)) if via else [],
            "via": via,
            "state": public.state,
            "badge_kind": _BADGES[public.state],
            "crumbs": _crumbs(),
            "counts": {
                each.value: number for each, number in public.counts.items() if each != HubState.MAPPED
            },
            "grants": grants_in(found)[:GRANTS_SHOWN],
            "municipalities": found.municipalities.all(),
            "organisations": page,
            "cards": [(each, tied.get(each.pk, [])) for each in page],
        },
    )


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Regions"), "url": reverse("website:map")}]
