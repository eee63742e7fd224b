"""Beginning an import, and the page that shows how far it is."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from hubportal.repeats import key_of
from imports.domain.importing import begin_import, throw_away
from imports.domain.reading import is_workbook, read_at_once
from imports.enums import KEPT_IMPORT, ImportState
from imports.forms.files import FileForm
from imports.forms.rows import RowReader
from imports.models import ImportRow, MapImport
from imports.permissions import may_import
from imports.queries import imports_in, number_written, numbers_by_fate, rows_kept
from imports.views.rows import rows_page
from mapping.queries import on_map_or_in_bin
from mapping.views.workspace import assigned_region
from regions.models import Region

# What is longer is read by the jobs.
_READ_AT_ONCE = 200_000
_WAITING = frozenset({ImportState.READING, ImportState.CHECKING, ImportState.TAKING, ImportState.UNDOING})


def import_of(request: SignedInRequest, slug: str, key: UUID) -> tuple[Region, MapImport]:
    """Return a region and an import of it; 404 unless both are for the person."""
    region = assigned_region(request, slug)
    known = may_import.rows(request.user).filter(region=region).defer("content")
    return region, get_object_or_404(known.select_related("region", "created_by"), key=key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for a spreadsheet, and list what was imported before."""
    region = assigned_region(request, slug)
    posted = request.POST if request.method == "POST" else None
    form = FileForm(posted, request.FILES if posted is not None else None)
    if form.is_valid():
        try:
            begun = _begin(request, region, form)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            return redirect("imports:import", slug, begun.key)
    page = Paginator(imports_in(region, request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"region": region, "form": form, "page": page, "key": key_of(request) or uuid4()}
    return render(request, "imports/imports.html", context, status=422 if form.errors else 200)


def _begin(request: SignedInRequest, region: Region, form: FileForm) -> MapImport:
    title, content = form.content
    begun = begin_import(
        key=key_of(request) or uuid4(),
        region=region,
        title=title,
        content=content,
        actor=request.user,
        at=request.received_at,
    )
    if len(content) <= _READ_AT_ONCE and not is_workbook(content):
        read = RowReader()
        read_at_once(import_id=begun.pk, read=read, words=read.words, at=request.received_at)
    return begun


@login_required
@require_safe
def import_page(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Show how far an import is, and its rows where they wait for a choice."""
    region, map_import = import_of(request, slug, key)
    if map_import.state == ImportState.DECIDING:
        return rows_page(request, region, map_import)
    numbers = numbers_by_fate(map_import)
    context: dict[str, Any] = {
        "region": region,
        "import": map_import,
        "numbers": numbers,
        "read": numbers.get("all", 0) - numbers.get("unread", 0),
        "waits": map_import.state in _WAITING,
        "until": map_import.state_at + KEPT_IMPORT,
    }
    if map_import.state == ImportState.UNDONE:
        kept = _kept(region, map_import)
        written = number_written(map_import)
        undone = written - sum(len(each) for each in kept.values())
        context |= {"kept": kept, "written": written, "undone": undone}
    return render(request, "imports/import.html", context)


def _kept(region: Region, map_import: MapImport) -> dict[str, list[tuple[int, str]]]:
    """Return the rows that stayed as they were when an import was undone, with the names that the person may know.

    What somebody took off this map can be on another one since, where it is called otherwise (rule 26).
    """
    rows = list(rows_kept(map_import))
    off = [each.organisation_id for each in rows if each.was_off_map and each.organisation_id]
    known = set(on_map_or_in_bin(region).filter(pk__in=off).values_list("pk", flat=True)) if off else set()
    return {
        "on_map": [(each.number, _name(each)) for each in rows if each.was_kept],
        "off_map": [
            (each.number, _name(each) if each.organisation_id in known else "")
            for each in rows
            if each.was_off_map
        ],
    }


def _name(row: ImportRow) -> str:
    return row.organisation.name if row.organisation else ""


@login_required
@require_POST
def discard(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Throw an import away that did not come on the map."""
    _region, map_import = import_of(request, slug, key)
    try:
        throw_away(import_id=map_import.pk, actor=request.user)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:import", slug, key)
    messages.success(request, _("The import has been thrown away. Nothing changed on the map."))
    return redirect("imports:imports", slug)
