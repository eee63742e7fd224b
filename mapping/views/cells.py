"""Saving one cell of the grid, and adding a row by its name: for a script in JSON, else by a redirect."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import as_text
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import SignedInRequest, wants_json
from hubportal.next_page import asked_next
from hubportal.repeats import key_of
from hubportal.versions.saving import saved_in_words
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.enums import ActOnRow
from mapping.finding import Double, Typed
from mapping.forms.cells import CellForm, NewRowForm, read_cell, read_shown
from mapping.permissions import may_edit
from mapping.queries import entry_of, organisation_now
from mapping.views.acts import act_on, note_act
from mapping.views.doubles import doubles_to_offer, is_taking, take_typed
from mapping.views.organisations import added_in_words
from mapping.views.workspace import assigned_region, grid_page, rendered_rows, row_address
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region


@login_required
@require_POST
def add_row(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put an organisation on the map of the region by its name alone."""
    region = assigned_region(request, slug)
    form = NewRowForm(request.POST)
    try:
        if not form.is_valid():
            return _not_added(request, region, " ".join(map(str, form.errors["name"])))
        if is_taking(request):
            return take_typed(request, region)
        if offered := doubles_to_offer(request, region, Typed(form.cleaned_data["name"])):
            return _not_added(request, region, _("Is it one of these?"), offered)
        added = add_to_map(
            facts=OrganisationFacts(form.cleaned_data["name"]),
            region=region,
            added_with=key_of(request),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        return _not_added(request, region, str(refusal))
    if wants_json(request):
        act = act_on(request, ActOnRow.CAME, added)
        return _answer(request, region, added, message=added_in_words(added), act=act)
    note_act(request, region, ActOnRow.CAME, added)
    messages.success(request, added_in_words(added))
    return redirect(row_address(request, region, added))


def _not_added(
    request: SignedInRequest, region: Region, sentence: str, doubles: Sequence[Double] = ()
) -> HttpResponse:
    if wants_json(request):
        context = {"region": region, "doubles": doubles, "add_form": "add-row"}
        offer = render_to_string("mapping/doubles.html", context, request=request)
        return JsonResponse({"message": sentence, "doubles": offer.strip()}, status=422)
    typed = request.POST.get("name", "")
    return grid_page(request, region, refused=sentence, typed=typed, doubles=doubles, status=422)


@login_required
@require_POST
def save(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Save one cell; what was typed over a newer version is refused, and a script gets the row as it is now."""
    region = assigned_region(request, slug)
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    organisation = get_object_or_404(known, map_key=organisation_key)
    form = CellForm(request.POST)
    if not form.is_valid():
        # No page of ours asks for another cell.
        return _refused(request, region, organisation, _("There is no such cell."), status=422)
    name = form.cleaned_data["field"]
    try:
        saved = save_cell(
            organisation_id=organisation.pk,
            region=region,
            field=name,
            value=read_cell(name, request.POST.getlist("value")),
            was=read_shown(name, request.POST.getlist("was")),
            seen_version=form.cleaned_data["seen_version"],
            actor=request.user,
            at=request.received_at,
        )
    except ValidationError as mistake:
        return _refused(request, region, organisation, " ".join(mistake.messages), status=422)
    except NewerVersion as newer:
        return _refused(request, region, organisation, str(newer), status=409)
    except RuleViolation as refusal:
        return _refused(request, region, organisation, str(refusal), status=422)
    if wants_json(request):
        message = saved_in_words(request.received_at, at=request.received_at)
        return _answer(request, region, saved, message=message)
    return redirect(row_address(request, region, saved))


def _refused(
    request: SignedInRequest, region: Region, organisation: Organisation, sentence: str, *, status: int
) -> HttpResponse:
    """Answer a script with the row as it is now; send a person to the form, which says the same of all that they type."""
    if not wants_json(request):
        messages.error(request, sentence)
        page = reverse("mapping:organisation", args=[region.slug, organisation.map_key])
        return redirect(f"{page}?{urlencode({'next': asked_next(request)})}")
    return _answer(request, region, organisation, message=sentence, status=status)


def _answer(
    request: SignedInRequest,
    region: Region,
    organisation: Organisation,
    *,
    message: str,
    status: int = 200,
    **more: Any,
) -> JsonResponse:
    [row] = rendered_rows(request, region, [organisation])
    answer: dict[str, Any] = {**row, "message": as_text(message), **more}
    if status == 409:
        answer["by"] = _who_saved(organisation, region)
    return JsonResponse(answer, status=status)


def _who_saved(organisation: Organisation, region: Region) -> str:
    """Return the name of who saved the row last."""
    now = organisation_now(organisation)
    entry = entry_of(now, region)
    last = entry if entry.changed_at and (not now.changed_at or entry.changed_at > now.changed_at) else now
    return last.changed_by.full_name if last.changed_by else _("somebody else")
