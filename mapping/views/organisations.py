"""The form of an organisation on the map: adding, changing and publishing."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from mapping.domain.organisations import add_to_map, change_organisation
from mapping.domain.publishing import Declined, publish_organisation, withdraw_publication
from mapping.domain.rows import row_version
from mapping.enums import ActOnRow
from mapping.finding import Double, Typed
from mapping.forms.organisations import OrganisationForm, content_of, initial_of, stood_in
from mapping.history_queries import fields_changed
from mapping.permissions import may_edit
from mapping.queries import entry_of, merges_of, organisation_now, regions_to_take_to
from mapping.ties import ties_of
from mapping.views.acts import note_act, note_public, note_saved
from mapping.views.doubles import doubles_to_offer, is_taking, take_typed
from mapping.views.workspace import assigned_region, row_address
from organisations.models import Organisation
from organisations.queries import organisations_in
from organisations.streams import Stream
from regions.models import Region

# What the button says that saves and publishes at once.
_PUBLIC = {"yes": True, "no": False}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_organisation(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put an organisation on the map of the region."""
    region = assigned_region(request, slug)
    posted = request.POST if request.method == "POST" else None
    initial = {
        "reaches": request.GET.get("gemeente", ""),
        "streams": [each for each in Stream.values if each == request.GET.get("stroom")],
    }
    form = OrganisationForm(posted, region=region, initial=initial)
    if form.is_valid() and is_taking(request):
        return take_typed(request, region, form)
    if form.is_valid() and (doubles := doubles_to_offer(request, region, _typed(form))):
        return _add_page(request, region, form, doubles, status=422)
    if form.is_valid():
        try:
            added = add_to_map(
                facts=form.facts(),
                region=region,
                more=form.more(),
                added_with=key_of(request),
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            note_act(request, region, ActOnRow.CAME, added)
            messages.success(request, added_in_words(added))
            return redirect(row_address(request, region, added))
    return _add_page(request, region, form, status=422 if form.errors else 200)


def _typed(form: OrganisationForm) -> Typed:
    return Typed(**{each: form.cleaned_data[each] for each in vars(Typed(""))})


def _add_page(
    request: SignedInRequest,
    region: Region,
    form: OrganisationForm,
    doubles: Sequence[Double] = (),
    *,
    status: int,
) -> HttpResponse:
    context = {
        "region": region,
        "form": form,
        "key": key_of(request) or uuid4(),
        "next": asked_next(request),
        "doubles": doubles,
        "add_form": "add-organisation",
    }
    return render(request, "mapping/add_organisation.html", context, status=status)


def added_in_words(added: Organisation) -> str:
    """Return what is said of an organisation that was put on the map."""
    return filled_in(_("%(name)s is now on the map. It is not public yet."), name=dutch(added.name))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Change what is known of an organisation."""
    region, known = organisation_of(request, slug, organisation_key)
    initial = initial_of(known, entry_of(known, region))
    posted = request.POST if request.method == "POST" else None
    form = OrganisationForm(posted, region=region, is_new=False, initial=initial)

    # As it is saved: another KvK number can make it another row.
    rows = [known]

    def act() -> Saved:
        changed = change_organisation(
            organisation_id=known.pk,
            facts=form.facts(),
            region=region,
            more=form.more(),
            seen_version=form.seen,
            is_public=_PUBLIC.get(request.POST.get("public", "")),
            actor=request.user,
            at=request.received_at,
        )
        rows.append(changed)
        return Saved(row_version(changed, entry_of(changed, region)), request.received_at)

    def saved(_done: Saved) -> HttpResponse:
        _note(request, region, rows[-1], form)
        messages.success(request, _saved(request, rows[-1]))
        return redirect(row_address(request, region, rows[-1]))

    def page(outcome: SaveOutcome) -> HttpResponse:
        context: dict[str, Any] = {"region": region, "organisation": known, "form": form}
        context |= {"newer": outcome.newer, "next": asked_next(request)}
        context["stood"] = _stood(known, region, None if outcome.newer else initial)
        context |= _around(request, region, known)
        return render(request, "mapping/organisation.html", context, status=outcome.status)

    return save_and_answer(request, form, act=act, kept=lambda: _kept(known, region), saved=saved, page=page)


def _stood(organisation: Organisation, region: Region, initial: dict[str, Any] | None) -> str:
    """Return what stands in the row, for the tab that may save over it: as it was read, or else as it is now."""
    if initial is None:
        organisation = organisation_now(organisation)
        initial = initial_of(organisation, entry_of(organisation, region))
    return json.dumps(stood_in(initial, is_public=organisation.published_at is not None))


def _note(request: SignedInRequest, region: Region, changed: Organisation, form: OrganisationForm) -> None:
    """Keep which fields were saved, for the undo of the grid."""
    names = fields_changed(changed, by=request.user, at=request.received_at)
    if not _PUBLIC.keys() & {request.POST.get("public", "")}:
        # Another number can take what is public with it.
        names.discard("public")
    if named := names & {*OrganisationForm.names(), "public"}:
        note_saved(request, region, changed, seen_version=form.seen, names=named)


def _around(request: SignedInRequest, region: Region, organisation: Organisation) -> dict[str, Any]:
    """Return what stands beside the form: ties, what was merged, and where else it can stand."""
    return {
        "ties": ties_of(organisation, request.user),
        "merges": merges_of(organisation, region),
        "next_query": urlencode({"next": asked_next(request)}),
        "other_regions": regions_to_take_to(organisation, request.user),
    }


def _kept(organisation: Organisation, region: Region) -> Kept:
    now = organisation_now(organisation)
    entry = entry_of(now, region)
    # One of both was written: otherwise there would be no newer version.
    saves = [(each.changed_at, each.changed_by) for each in (now, entry) if each.changed_at]
    saved_at, saved_by = max(saves, key=lambda each: each[0])
    return Kept(row_version(now, entry), content_of(now, entry), saved_by, saved_at)


def _saved(request: SignedInRequest, changed: Organisation) -> str:
    match _PUBLIC.get(request.POST.get("public", "")):
        case True:
            words = _("Your changes have been saved, and %(name)s is now public as you wrote it.")
        case False:
            words = _("Your changes have been saved, and %(name)s is no longer public.")
        case None:
            words = _("Your changes have been saved.")
    return filled_in(words, name=dutch(changed.name))


@login_required
@require_POST
def publish(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Publish an organisation as the row showed it; where it changed since, it is shown again."""
    region, known = organisation_of(request, slug, organisation_key)
    seen = request.POST.get("seen_version", "")
    try:
        published = publish_organisation(
            organisation_id=known.pk,
            region=region,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
            actor=request.user,
            at=request.received_at,
        )
    except (NewerVersion, Declined) as refusal:
        messages.error(request, str(refusal))
        return redirect(row_address(request, region, known))
    if published.published_at == request.received_at:
        note_public(request, region, published)
    messages.success(request, filled_in(_("%(name)s is now public."), name=dutch(known.name)))
    return redirect(asked_next(request) or reverse("mapping:workspace", args=[slug]))


@login_required
@require_POST
def withdraw(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Unpublish an organisation."""
    region, known = organisation_of(request, slug, organisation_key)
    hidden = withdraw_publication(organisation_id=known.pk, actor=request.user, at=request.received_at)
    changed = fields_changed(hidden, by=request.user, at=request.received_at)
    if "public" in changed:
        note_public(request, region, hidden)
    messages.success(request, filled_in(_("%(name)s is no longer public."), name=dutch(known.name)))
    return redirect(asked_next(request) or reverse("mapping:workspace", args=[slug]))


def organisation_of(
    request: SignedInRequest, slug: str, organisation_key: UUID
) -> tuple[Region, Organisation]:
    """Return a region and an organisation on its map; 404 unless the person may change it."""
    region = assigned_region(request, slug)
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    return region, get_object_or_404(known.select_related("municipality", "kind"), map_key=organisation_key)
