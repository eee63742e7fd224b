"""Putting an import on the map, and undoing that: each on a page of its own (rule 30)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from imports.domain.importing import check_again
from imports.domain.taking import MapWentOn, ask_to_take, is_long, take_import
from imports.domain.undoing import ask_to_undo, is_long_to_undo, undo_import
from imports.enums import ImportState
from imports.forms.rows import RowReader
from imports.models import MapImport
from imports.queries import numbers_by_fate
from imports.views.importing import import_of
from mapping.enums import ActOnRow
from mapping.views.acts import note_import


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Show what would come on the map, and put it there."""
    region, map_import = import_of(request, slug, key)
    if request.method == "POST":
        return _taken(request, slug, map_import)
    if map_import.state != ImportState.DECIDING:
        return redirect("imports:import", slug, key)
    numbers = numbers_by_fate(map_import)
    context = {"region": region, "import": map_import, "numbers": numbers, "is_long": is_long(map_import)}
    return render(request, "imports/take.html", context)


def _taken(request: SignedInRequest, slug: str, map_import: MapImport) -> HttpResponse:
    seen, actor, at = request.POST.get("seen", ""), request.user, request.received_at
    try:
        if is_long(map_import):
            ask_to_take(import_id=map_import.pk, seen=seen, actor=actor, at=at)
        else:
            take_import(import_id=map_import.pk, seen=seen, read=RowReader(), actor=actor, at=at)
        _note(request, map_import, ActOnRow.IMPORTED)
    except MapWentOn as refusal:
        check_again(import_id=map_import.pk, at=at)
        messages.error(request, str(refusal))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:import", slug, map_import.key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Show what undoing an import does, and undo it."""
    region, map_import = import_of(request, slug, key)
    if request.method == "POST":
        return _undone(request, slug, map_import)
    if map_import.state != ImportState.TAKEN:
        return redirect("imports:import", slug, key)
    context = {"region": region, "import": map_import, "is_long": is_long_to_undo(map_import)}
    return render(request, "imports/undo.html", context)


def _note(request: SignedInRequest, map_import: MapImport, kind: ActOnRow) -> None:
    """Keep it for the undo of the grid, which leads to the page of the import."""
    region = map_import.region
    address = reverse("imports:import", args=[region.slug, map_import.key])
    note_import(request, region, kind, map_import.key, address)


def _undone(request: SignedInRequest, slug: str, map_import: MapImport) -> HttpResponse:
    actor, at = request.user, request.received_at
    try:
        if is_long_to_undo(map_import):
            ask_to_undo(import_id=map_import.pk, actor=actor, at=at)
        else:
            undo_import(import_id=map_import.pk, actor=actor, at=at)
            messages.success(request, _("The import has been undone."))
        _note(request, map_import, ActOnRow.IMPORT_UNDONE)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:import", slug, map_import.key)
