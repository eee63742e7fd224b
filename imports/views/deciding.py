"""What somebody says of the columns and rows of an import."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import SignedInRequest
from imports.domain.importing import Answer, decide, decide_all, set_columns
from imports.domain.meanings import say_meanings
from imports.enums import MAX_COLUMNS, MAX_TYPED, Choice, ImportState
from imports.forms.rows import RowReader
from imports.models import MapImport
from imports.queries import import_now
from imports.views.importing import import_of
from imports.views.meanings import said_of_words
from imports.views.rows import rows_page

_CHOICES = {str(each.value): each for each in Choice}
_MOST_DIGITS = 9


def _number(typed: str) -> int:
    """Return a number that was sent; 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS else 0


@login_required
@require_POST
def columns(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Say which field each column fills, and which row holds the headings."""
    _region, map_import = import_of(request, slug, key)
    typed = [request.POST.get(f"kolom-{place}", "") for place in range(len(map_import.columns))]
    try:
        set_columns(
            import_id=map_import.pk,
            columns=typed[:MAX_COLUMNS],
            heading_number=_number(request.POST.get("heading", "")),
            seen_version=_number(request.POST.get("seen_version", "")),
            read=RowReader(),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        return _refused(request, slug, map_import, refusal)
    return redirect("imports:import", slug, key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Keep what was chosen for the rows of a page, and cells that were mended."""
    _region, map_import = import_of(request, slug, key)
    if request.method != "POST":
        return redirect(f"{reverse('imports:import', args=[slug, key])}?{request.GET.urlencode()}")
    answers = _answers(request.POST)
    try:
        decide(
            import_id=map_import.pk,
            answers=answers,
            seen_version=_number(request.POST.get("seen_version", "")),
            read=RowReader(),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        return _refused(request, slug, map_import, refusal)
    messages.success(request, _("Your choices have been saved."))
    return _back(request, slug, key)


@login_required
@require_POST
def words(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Say what words mean that are in no list, for all rows with them."""
    _region, map_import = import_of(request, slug, key)
    read = RowReader()
    said = said_of_words(request.POST, read.words)
    if said.mistakes:
        refusal = RuleViolation(_("Not saved: we do not know a municipality that you typed."))
        return _refused(request, slug, map_import, refusal)
    try:
        say_meanings(
            import_id=map_import.pk,
            meanings=said.meanings,
            seen_version=_number(request.POST.get("seen_version", "")),
            read=read,
            words=read.words,
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        return _refused(request, slug, map_import, refusal)
    messages.success(request, _("Your choices have been saved."))
    return _back(request, slug, key)


@login_required
@require_POST
def all_rows(request: SignedInRequest, slug: str, key: UUID) -> HttpResponse:
    """Choose the same for every row that waits."""
    _region, map_import = import_of(request, slug, key)
    choice = _CHOICES.get(request.POST.get("choice", ""))
    try:
        if choice is not None:
            decide_all(
                import_id=map_import.pk,
                choice=choice,
                replaces="replaces" in request.POST,
                actor=request.user,
                at=request.received_at,
            )
    except RuleViolation as refusal:
        return _refused(request, slug, map_import, refusal)
    return _back(request, slug, key)


def _answers(posted: Mapping[str, Any]) -> dict[int, Answer]:
    """Return what was said of each row of the page, by number."""
    cells: dict[int, dict[int, str]] = {}
    for name, typed in posted.items():
        kind, _sign, place = name.partition("-")
        if kind == "cel":
            number, _sign, column = place.partition("-")
            if _number(column) < MAX_COLUMNS:
                cells.setdefault(_number(number), {})[_number(column)] = typed[:MAX_TYPED]
    numbers = [_number(name.removeprefix("rij-")) for name in posted if name.startswith("rij-")]
    return {
        number: Answer(
            _CHOICES.get(posted.get(f"keuze-{number}", "")),
            f"vervang-{number}" in posted,
            cells.get(number, {}),
        )
        for number in numbers
    }


def _back(request: SignedInRequest, slug: str, key: UUID) -> HttpResponseRedirect:
    asked = {"rijen": request.POST.get("lot", ""), "page": request.POST.get("page", "")}
    query = urlencode({name: each for name, each in asked.items() if each})
    return redirect(f"{reverse('imports:import', args=[slug, key])}{'?' if query else ''}{query}")


def _refused(
    request: SignedInRequest, slug: str, map_import: MapImport, refusal: RuleViolation
) -> HttpResponse:
    """Show the page again with all that was typed, as of the newest version; or how far it is meanwhile."""
    now = import_now(map_import.pk)
    if now.state != ImportState.DECIDING:
        messages.error(request, str(refusal))
        return redirect("imports:import", slug, map_import.key)
    status = 409 if isinstance(refusal, NewerVersion) else 422
    return rows_page(request, now.region, now, refused=str(refusal), status=status)
