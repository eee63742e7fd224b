"""Every grant that was awarded: a list to filter, and the same as a file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.models import Application
from hubportal.middleware import ReceivedRequest
from imports.domain.tables import harmless
from website.domain.grants import PublicGrant, public_grants
from website.queries import grants, grants_shown, number_and_sum, numbers_of_grants
from website.views.regions import crumbs

GRANTS_PER_PAGE = 50
_READ_AT_ONCE = 500


@dataclass(frozen=True)
class Filter:
    """A filter of the list: what it is called in the address and on the screen, and which fields it reads."""

    name: str
    label: str | Promise
    field: str
    words: str


FILTERS = (
    Filter("regio", _("Region"), "coalition__region__slug", "coalition__region__name"),
    Filter("oproep", _("Call"), "call__slug", "call__title"),
)
HEADINGS = (
    *(_("Project"), _("Coalition"), _("Region"), _("Call"), _("Round"), _("Lead organisation")),
    *(_("Partners"), _("Partners whose names are not public"), _("First day"), _("Last day")),
    *(_("Decided on"), _("Grant in euros")),
)


@require_safe
def grants_page(request: ReceivedRequest) -> HttpResponse:
    """Show the grants that were awarded, with the number and the sum of what is chosen."""
    number, total = number_and_sum(_chosen(grants(), request.GET))
    page = Paginator(_chosen(grants_shown(), request.GET), GRANTS_PER_PAGE).get_page(request.GET.get("page"))
    asked = _asked(request.GET)
    context = {
        "filters": [_shown(each, request.GET) for each in FILTERS],
        "is_filtered": bool(asked),
        "number": number,
        "total": total,
        "page": page,
        "grants": list(public_grants(page)),
        "download": reverse("website:grants_file", query=asked),
        "crumbs": crumbs(),
    }
    return render(request, "website/grants.html", context)


@require_safe
def grants_file(request: ReceivedRequest) -> HttpResponse:
    """Return the grants that are chosen as CSV for a spreadsheet: UTF-8 with its mark, semicolons, decimal commas."""
    chosen = _chosen(grants_shown(), request.GET).iterator(chunk_size=_READ_AT_ONCE)
    lines = lines_of(HEADINGS, (_cells(each) for each in public_grants(chosen)))
    headers = {"Content-Disposition": 'attachment; filename="verleende-subsidies.csv"'}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(asked: QueryDict) -> dict[str, str]:
    return {each.name: value for each in FILTERS if (value := asked.get(each.name))}


def _chosen(found: QuerySet[Application], asked: QueryDict) -> QuerySet[Application]:
    values = _asked(asked)
    return found.filter(**{each.field: values[each.name] for each in FILTERS if each.name in values})


def _shown(shown: Filter, asked: QueryDict) -> dict[str, Any]:
    """Return a filter with its choices, each with how many grants it has."""
    return {
        "name": shown.name,
        "label": shown.label,
        "chosen": asked.get(shown.name, ""),
        "choices": numbers_of_grants(by=shown.field, words=shown.words),
    }


class _Line:
    """What ``csv`` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        """Return a line as it is."""
        return line


def lines_of(headings: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield a table as CSV for a spreadsheet, no cell a formula: UTF-8 with its mark, semicolons.

    All cells in quotes: a program that parts them by commas opens no formula behind one either.
    """
    writer = csv.writer(_Line(), delimiter=";", quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([str(each) for each in headings])
    for row in rows:
        yield writer.writerow([harmless(str(cell)) for cell in row])


def _cells(grant: PublicGrant) -> tuple[object, ...]:
    return (
        *(grant.title, grant.coalition, grant.region, grant.call, grant.round_number or "", grant.lead),
        *(" | ".join(grant.partners), grant.unnamed_partners, grant.starts_on, grant.ends_on),
        *(grant.decided_on, str(grant.amount).replace(".", ",")),
    )
