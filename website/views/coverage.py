"""How much of the country is covered, as a page and as files."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from organisations.streams import Stream
from regions.queries import all_regions
from website.domain.covering import coverage_now, months_kept
from website.enums import HubState
from website.views.grants import lines_of
from website.views.regions import crumbs


@require_safe
def coverage(request: ReceivedRequest) -> HttpResponse:
    """Show how many regions and inhabitants are covered: now, per stream, and month by month."""
    now = coverage_now()
    context = {
        "crumbs": crumbs(),
        "states": now.by_state(),
        "ways": now.by_way(),
        "regions": len(now.regions),
        "inhabitants": now.inhabitants,
        "months": [month.by_name() for month in months_kept(now.inhabitants)],
    }
    return render(request, "website/coverage.html", context)


@require_safe
def coverage_file(request: ReceivedRequest) -> HttpResponse:
    """Return each region with its step and its organisations, as CSV for a spreadsheet."""
    now = coverage_now()
    headings = [
        _("Code"),
        _("Region"),
        _("Inhabitants on 1 January 2021"),
        _("Step"),
        _("Public organisations"),
    ]
    headings += [str(Stream(each).label) for each in Stream.values] + [_("Grants")]
    rows = (
        [
            *(each.code, each.name, each.population_2021, str(now.states[each.pk].state.label)),
            now.states[each.pk].mapped,
            *(now.streams[stream][each.pk] for stream in Stream.values),
            now.states[each.pk].counts.get(HubState.GRANTED, 0),
        ]
        for each in now.regions
    )
    return _file("dekking.csv", headings, rows)


@require_safe
def months_file(request: ReceivedRequest) -> HttpResponse:
    """Return what was covered month by month, as CSV for a spreadsheet."""
    total = sum(each.population_2021 for each in all_regions())
    headings = [_("Day"), _("Covered"), _("Regions"), _("Inhabitants"), _("Share of inhabitants (%)")]
    rows = (
        [
            month.day,
            str(each.what.label),
            each.regions,
            each.inhabitants,
            f"{each.percent:.1f}".replace(".", ","),
        ]
        for month in months_kept(total)
        for each in month.shares
    )
    return _file("dekking-verloop.csv", headings, rows)


def _file(name: str, headings: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(lines_of(headings, rows), content_type="text/csv; charset=utf-8", headers=headers)
