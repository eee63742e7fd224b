"""Undoing what one did with a whole row of the grid: for a script in JSON, else by a redirect."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import as_text, dutch, filled_in
from hubportal.middleware import SignedInRequest, wants_json
from mapping.domain.removing import put_back, remove_from_map
from mapping.domain.restoring import ChangedSince, restore_fields
from mapping.domain.unmerging import undo_merge
from mapping.enums import ActOnRow
from mapping.forms.organisations import OrganisationForm
from mapping.forms.undoing import UndoForm, read_restored
from mapping.history_queries import who_changed
from mapping.models import Merge
from mapping.permissions import may_edit
from mapping.queries import merges_of, on_map_or_in_bin
from mapping.views.acts import told_back
from mapping.views.workspace import assigned_region, rendered_rows
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region


@dataclass(frozen=True)
class _Undone:
    """What is said of it, and which rows the grid shows anew or no longer."""

    words: str
    rows: list[Organisation] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    is_refused: bool = False


@login_required
@require_POST
def undo(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Undo an act on a row, unless somebody else did something with it since."""
    region = assigned_region(request, slug)
    form = UndoForm(request.POST)
    if not form.is_valid():
        # No page of ours asks for this.
        return _answer(request, region, _Undone(_("This cannot be undone.")), status=422)
    try:
        undone = _undo(request, region, organisation_key, form)
    except RuleViolation as refusal:
        return _answer(request, region, _Undone(str(refusal)), status=422)
    return _answer(request, region, undone, status=422 if undone.is_refused else 200)


def _answer(request: SignedInRequest, region: Region, undone: _Undone, *, status: int = 200) -> HttpResponse:
    if not wants_json(request):
        messages.add_message(request, messages.ERROR if status > 200 else messages.SUCCESS, undone.words)
        return redirect("mapping:workspace", region.slug)
    rows = [each["row"] for each in rendered_rows(request, region, undone.rows)]
    answer = {"message": as_text(undone.words), "rows": rows, "gone": undone.gone}
    return JsonResponse(answer, status=status)


def _undo(request: SignedInRequest, region: Region, key: UUID, form: UndoForm) -> _Undone:
    done_at: datetime = form.cleaned_data["at"]
    match form.cleaned_data["kind"]:
        case ActOnRow.CAME:
            return _take_off(request, region, key, done_at)
        case ActOnRow.WENT:
            return _put_back(request, region, key)
        case ActOnRow.MERGED:
            return _split(request, region, key, form.cleaned_data["merge"])
        case _:
            return _restore(request, region, key, form.cleaned_data["seen_version"] or 0)


def _take_off(request: SignedInRequest, region: Region, key: UUID, done_at: datetime) -> _Undone:
    row = _on_map(request, region, key)
    if row is not None:
        remove_from_map(
            organisation_id=row.pk,
            region=region,
            unchanged_since=done_at,
            actor=request.user,
            at=request.received_at,
        )
    return _Undone(_("Undone: it is off the map again. You find it in the bin for 30 days."), gone=[str(key)])


def _put_back(request: SignedInRequest, region: Region, key: UUID) -> _Undone:
    row = on_map_or_in_bin(region).filter(map_key=key).first()
    if row is None:
        raise RuleViolation(_("It is no longer in the bin. Put the organisation on the map anew."))
    back = put_back(
        organisation_id=row.pk,
        region=region,
        removed_by=request.user,
        actor=request.user,
        at=request.received_at,
    )
    return _Undone(told_back(back), [row])


def _split(request: SignedInRequest, region: Region, key: UUID, merge_id: int | None) -> _Undone:
    kept = _on_map(request, region, key)
    if kept is None:
        raise RuleViolation(_("The organisation that both became is no longer on this map."))
    # Undone on its page, a moment ago or longer.
    earlier = _Undone(_("They are two already."), [kept])
    if merge_id is None or not merges_of(kept, region).filter(pk=merge_id).exists():
        return earlier
    try:
        gone = undo_merge(merge_id=merge_id, region=region, actor=request.user, at=request.received_at)
    except Merge.DoesNotExist:
        return earlier
    words = filled_in(
        _("They are two again: %(name)s stands by itself. What was changed since stays with the other one."),
        name=dutch(gone.name),
    )
    return _Undone(words, [kept, gone])


def _restore(request: SignedInRequest, region: Region, key: UUID, seen_version: int) -> _Undone:
    row = _on_map(request, region, key)
    gone = RuleViolation(_("Not undone: it is no longer on this map."))
    if row is None:
        raise gone
    try:
        restored = read_restored(request.POST)
    except ValidationError as mistake:
        # What a merge or an older form let through.
        return _Undone(_not_undone(row, " ".join(mistake.messages)), [row], is_refused=True)
    try:
        now = restore_fields(
            organisation_id=row.pk,
            region=region,
            restored=restored,
            seen_version=seen_version,
            actor=request.user,
            at=request.received_at,
        )
    except ChangedSince as newer:
        return _Undone(_not_undone(row, _since(request, region, row, newer)), [row], is_refused=True)
    except RuleViolation as refusal:
        return _Undone(_not_undone(row, str(refusal)), [row], is_refused=True)
    except Organisation.DoesNotExist:
        # Taken off it at this very moment.
        raise gone from None
    words = _("Undone: %(name)s, %(fields)s")
    return _Undone(filled_in(words, name=dutch(now.name), fields=_labels(restored)), [now])


def _since(request: SignedInRequest, region: Region, row: Organisation, newer: ChangedSince) -> str:
    fields, person = _labels(newer.names), who_changed(row, region, newer.names, but=request.user)
    if not person:
        return filled_in(_("Somebody changed it since: %(fields)s."), fields=fields)
    return filled_in(_("%(person)s changed it since: %(fields)s."), person=person, fields=fields)


def _not_undone(row: Organisation, reason: str) -> str:
    return filled_in(_("Not undone: %(name)s. %(reason)s"), name=dutch(row.name), reason=reason)


def _labels(names: Iterable[str]) -> str:
    """Return what fields are called, in the order of the form."""
    wanted = set(names)
    labels = {name: str(field.label) for name, field in OrganisationForm.base_fields.items()}
    labels["public"] = _("Public")
    return ", ".join(label for name, label in labels.items() if name in wanted)


def _on_map(request: SignedInRequest, region: Region, key: UUID) -> Organisation | None:
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    return known.filter(map_key=key).first()
