"""The kwartiermaker's workspace: the regions assigned to them, and the grid of the organisations in each."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from hubportal.accounts.permissions import KWARTIERMAKERS
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.paging import ROWS_PER_PAGE
from hubportal.repeats import key_of
from mapping.finding import Double
from mapping.grid_queries import ORDERS, entry_in, rows_of_map, rows_with_all
from mapping.permissions import may_map
from mapping.queries import bin_of, with_municipality_count
from mapping.ties import with_ties
from mapping.views.acts import acts_to_undo
from mapping.views.columns import COLUMNS, Row, row_of
from mapping.views.editors import editors_of
from mapping.views.facets import Facts, Filters, facets_of, places_of
from organisations.models import Organisation
from organisations.queries import all_kinds
from regions.models import Municipality, Region

ROWS_OF_GRID = 500
MOST_LETTERS = 100
# Of the session: what was taken off the map with the last click.
REMOVED_JUST_NOW = "removed_from_map"


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
    """Show the grid of the organisations of a region, filtered and ordered as the address says."""
    return grid_page(request, assigned_region(request, slug))


def row_address(request: SignedInRequest, region: Region, organisation: Organisation) -> str:
    """Return the address of a row in the grid, as it was filtered and ordered when the person left it."""
    grid = asked_next(request) or reverse("mapping:workspace", args=[region.slug])
    return f"{grid.partition('#')[0]}#rij-{organisation.map_key}"


def grid_page(
    request: SignedInRequest,
    region: Region,
    *,
    refused: str = "",
    typed: str = "",
    doubles: Sequence[Double] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the grid; with the name of a row that was refused or has to be asked about, and why."""
    asked = request.GET
    search, order = visible(asked.get("zoek", "")).strip()[:MOST_LETTERS], asked.get("volgorde", "")
    kinds, municipalities = list(all_kinds()), list(region.municipalities.all())
    rows = list(rows_of_map(region, typed=search, order=order, user=request.user))
    filters = Filters(facets_of(kinds, municipalities), asked, rows)
    found = filters.found()
    page = _page(found, request, region)
    here = request.get_full_path() if request.method == "GET" else asked_next(request) or request.path
    context = {
        "region": region,
        "page": page,
        "columns": _headings(filters, order),
        "editors": editors_of(kinds),
        "facets": filters.shown(),
        "search": search,
        "kept": [(name, asked[name]) for name in (*filters.chosen, "volgorde") if asked.get(name)],
        "is_filtered": bool(search or filters.chosen),
        "next": here,
        "next_query": urlencode({"next": here}),
        "key": key_of(request) or uuid4(),
        "refused": refused,
        "typed": typed,
        "doubles": doubles,
        "add_form": "add-row",
        "found": len(found),
        **_just_done(request, region),
        "public": sum(row["published_at"] is not None for row in found),
        "municipalities_without_organisations": _white_spots(found, municipalities),
    }
    return render(request, "mapping/workspace.html", context, status=status)


def rendered_rows(
    request: SignedInRequest, region: Region, organisations: Collection[Organisation]
) -> list[dict[str, Any]]:
    """Return the rows of organisations as they stand in the grid now, as HTML with their versions; 404 for one that is gone."""
    found = with_ties(rows_with_all([each.pk for each in organisations], region), request.user)
    context: dict[str, Any] = {"region": region, "next_query": urlencode({"next": asked_next(request)})}
    rows = []
    for each in organisations:
        if each.pk not in found:
            raise Http404
        row = row_of(found[each.pk], entry_in(found[each.pk], region))
        html = render_to_string("mapping/row.html", context | {"row": row}, request=request)
        rows.append({"row": html, "version": row.version})
    return rows


def _just_done(request: SignedInRequest, region: Region) -> dict[str, Any]:
    """Return what the person did with rows on other pages, and took off the map with their last click: to undo it here."""
    key = request.session.pop(REMOVED_JUST_NOW, None)
    removed = bin_of(region).filter(organisation__map_key=key).first() if key else None
    return {"acts": json.dumps(acts_to_undo(request, region)), "removed": removed}


def _page(found: list[Facts], request: SignedInRequest, region: Region) -> Page[Row]:
    keys: Page[Any] = Paginator([row["pk"] for row in found], ROWS_OF_GRID).get_page(request.GET.get("page"))
    organisations = with_ties(rows_with_all(list(keys), region), request.user)
    shown = [organisations[each] for each in keys if each in organisations]
    return Page([row_of(each, entry_in(each, region)) for each in shown], keys.number, keys.paginator)


def _white_spots(found: list[Facts], municipalities: list[Municipality]) -> list[Municipality]:
    """Return the municipalities that none of the rows is seated in or reaches."""
    known = {code for row in found for code in places_of(row)}
    return [each for each in municipalities if each.code not in known]


@dataclass(frozen=True)
class Heading:
    """The heading of a column, with where it leads to order by it."""

    column: Any
    address: str = ""
    direction: str = ""


def _headings(filters: Filters, order: str) -> list[Heading]:
    known = order if order.removeprefix("-") in ORDERS else "naam"
    by, is_turned = known.removeprefix("-"), known.startswith("-")
    headings = []
    for column in COLUMNS:
        if not column.order:
            headings.append(Heading(column))
        elif column.order != by:
            headings.append(Heading(column, filters.address(volgorde=column.order)))
        else:
            turned = by if is_turned else f"-{by}"
            direction = "descending" if is_turned else "ascending"
            headings.append(Heading(column, filters.address(volgorde=turned), direction))
    return headings
