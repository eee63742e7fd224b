"""The map as a spreadsheet: exactly the rows and columns that the grid shows, safe to open, and to be imported again."""

import csv
import json
from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hubportal.documents.domain.bounded import (
    TooBusy,
    TooCostly,
    one_file_at_a_time,
    one_map_at_a_time,
    run_bounded,
)
from hubportal.kernel.languages import as_text as without_marks
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from imports.domain.reading import WORKBOOKS
from imports.domain.tables import harmless
from imports.domain.words import FIELDS
from imports.views.wording import in_words
from mapping.domain.cells import value_of
from mapping.grid_queries import entry_in, rows_of_map, rows_with_all
from mapping.ties import with_ties
from mapping.views.columns import COLUMNS, cell_of
from mapping.views.facets import Filters, facets_of
from mapping.views.workspace import MOST_LETTERS, assigned_region
from organisations.models import Organisation
from organisations.queries import all_kinds
from regions.models import Region

_READ_AT_ONCE = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def as_text(request: SignedInRequest, slug: str) -> HttpResponse:
    """Return the rows that the grid shows as CSV: UTF-8 with its mark, semicolons."""
    region = assigned_region(request, slug)
    try:
        with one_map_at_a_time():
            lines = list(_lines(request, region))
    except TooBusy:
        messages.error(request, _("The portal is writing another map at this moment. Try again in a minute."))
        return redirect("mapping:workspace", slug)
    headers = {"Content-Disposition": f'attachment; filename="organisaties-{region.slug}.csv"'}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_safe
def as_workbook(request: SignedInRequest, slug: str) -> HttpResponse:
    """Return the rows that the grid shows as XLSX, written in a process of its own."""
    region = assigned_region(request, slug)
    try:
        with one_map_at_a_time():
            rows = list(_rows(request, region))
        table = {"sheet": _("Organisations"), "headings": _headings(), "rows": rows}
        # So that nobody keeps the files of others waiting.
        with one_file_at_a_time(request.user.pk):
            made = run_bounded(WORKBOOKS, "write", json.dumps(table).encode())
    except (TooBusy, TooCostly):
        messages.error(request, _("The portal is too busy to make a spreadsheet. Try again, or take CSV."))
        return redirect("mapping:workspace", slug)
    headers = {"Content-Disposition": f'attachment; filename="organisaties-{region.slug}.xlsx"'}
    return HttpResponse(made, content_type=_XLSX, headers=headers)


class _Line:
    """What ``csv`` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(request: SignedInRequest, region: Region) -> Iterator[str]:
    # All cells in quotes: a program that parts them by commas opens no formula behind one either.
    writer = csv.writer(_Line(), delimiter=";", quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(_headings())
    for row in _rows(request, region):
        yield writer.writerow(row)


def _headings() -> list[str]:
    return [str(each.label) for each in COLUMNS]


def _rows(request: SignedInRequest, region: Region) -> Iterator[list[str]]:
    keys = _asked(request, region)
    for start in range(0, len(keys), _READ_AT_ONCE):
        part = keys[start : start + _READ_AT_ONCE]
        known = with_ties(rows_with_all(part, region), request.user)
        for key in part:
            if key in known:
                yield [harmless(cell) for cell in _cells(known[key], region)]


def _asked(request: SignedInRequest, region: Region) -> list[int]:
    """Return the keys of the rows that the grid shows at the same address, on all its pages."""
    asked = request.GET
    search = visible(asked.get("zoek", "")).strip()[:MOST_LETTERS]
    rows = list(rows_of_map(region, typed=search, order=asked.get("volgorde", ""), user=request.user))
    filters = Filters(facets_of(all_kinds(), region.municipalities.all()), asked, rows)
    return [each["pk"] for each in filters.found()]


def _cells(organisation: Organisation, region: Region) -> list[str]:
    entry = entry_in(organisation, region)
    return [
        in_words(each.field, value_of(organisation, entry, each.field))
        if each.field in FIELDS
        else without_marks(cell_of(each, organisation, entry).text)
        for each in COLUMNS
    ]
