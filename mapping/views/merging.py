"""Two organisations of the map that are one: choosing the other one, both side by side, and undoing it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.agreement_queries import has_declined
from mapping.domain.merging import merge_organisations, versions_of
from mapping.domain.unmerging import undo_merge
from mapping.enums import ActOnRow
from mapping.finding import doubles_of, typed_of
from mapping.forms.merging import MergeForm
from mapping.forms.organisations import MOST_LETTERS_OF_NOTES
from mapping.models import Merge
from mapping.permissions import may_edit
from mapping.queries import engagements_of, entry_of, merges_of, others_called
from mapping.views.acts import note_act
from mapping.views.workspace import MOST_LETTERS, assigned_region, row_address
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region


@login_required
@require_safe
def choose(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Offer with which other organisation of the map this one can be merged: what is alike, or what is searched."""
    region = assigned_region(request, slug)
    organisation = _on_map(request, region, organisation_key)
    search = visible(request.GET.get("zoek", "")).strip()[:MOST_LETTERS]
    if search:
        others = list(others_called(search, organisation, region)[:ROWS_PER_PAGE])
    else:
        alike = doubles_of(typed_of(organisation), region=region, user=request.user)
        others = [each.organisation for each in alike if each.is_here and each.organisation != organisation]
    context = {"region": region, "organisation": organisation, "others": others, "search": search}
    return render(request, "mapping/choose_merge.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: SignedInRequest, slug: str, organisation_key: UUID, other_key: UUID) -> HttpResponse:
    """Show both side by side, and make one of them."""
    region = assigned_region(request, slug)
    two = _two_on_map(request, region, organisation_key, other_key)
    if isinstance(two, UUID):
        return redirect("mapping:organisation", slug, two)
    one, other = two
    rows = [(each, entry_of(each, region)) for each in (one, other)]
    form = MergeForm(request.POST if request.method == "POST" else None, one=rows[0], other=rows[1])
    if form.is_valid():
        try:
            merged = merge_organisations(
                one_id=one.pk,
                other_id=other.pk,
                region=region,
                chosen=form.chosen(),
                seen=form.cleaned_data["seen"],
                actor=request.user,
                at=request.received_at,
            )
        except Organisation.DoesNotExist as missing:
            # One of both went off the map meanwhile.
            raise Http404 from missing
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            note_act(request, region, ActOnRow.MERGED, merged.kept, merge_id=merged.pk)
            _say_that_both_are_one(request, merged)
            return redirect("mapping:organisation", slug, merged.kept.map_key)
    context = {
        "region": region,
        "organisation": one,
        "other": other,
        "rows": [(each, entry, list(engagements_of(each, region))) for each, entry in rows],
        "is_public": _will_be_public(one, other),
        "form": form,
        # As it is now: who was told of a newer version sees that one.
        "seen": versions_of((rows[0], rows[1])),
    }
    return render(request, "mapping/merge.html", context, status=422 if form.errors else 200)


def _two_on_map(
    request: SignedInRequest, region: Region, one_key: UUID, other_key: UUID
) -> tuple[Organisation, Organisation] | UUID:
    """Return two organisations of the map, or the key of what they became; nothing is one with itself."""
    if one_key == other_key:
        raise Http404
    try:
        return _on_map(request, region, one_key), _on_map(request, region, other_key)
    except Http404:
        # A second click, or the way back in the browser.
        if earlier := _merged_before(region, one_key, other_key):
            return earlier
        raise


def _say_that_both_are_one(request: SignedInRequest, merged: Merge) -> None:
    """Say so, and what had no room."""
    words = _(
        "Both are one now: %(name)s. You can split them again for 30 days, with the button on this page."
    )
    messages.success(request, filled_in(words, name=dutch(merged.kept.name)))
    for name in merged.before["left_out"]:
        words = _(
            "There was no room to add %(name)s to its other names. Write it in the notes if you need it."
        )
        messages.warning(request, filled_in(words, name=dutch(name)))
    if len(entry_of(merged.kept, merged.region).notes) > MOST_LETTERS_OF_NOTES:
        words = _(
            "The notes of both together are longer than %(most)s characters. All of them are kept; shorten them when you next"
            " save this form."
        )
        messages.warning(request, filled_in(words, most=str(MOST_LETTERS_OF_NOTES)))


def _merged_before(region: Region, *keys: UUID) -> UUID | None:
    """Return which of two organisations is on the map, if the other one was merged into it."""
    for kept in organisations_in(region).filter(map_key__in=keys):
        if merges_of(kept, region).filter(gone__map_key__in=keys, gone__mapped_at=None).exists():
            return kept.map_key
    return None


@login_required
@require_POST
def undo(request: SignedInRequest, slug: str, organisation_key: UUID, merge_id: int) -> HttpResponse:
    """Put both organisations back as they were."""
    region = assigned_region(request, slug)
    organisation = _on_map(request, region, organisation_key)
    if not merges_of(organisation, region).filter(pk=merge_id).exists():
        # A second click. Of what another region merged, it tells as little as of what nobody did.
        return redirect("mapping:organisation", slug, organisation_key)
    try:
        gone = undo_merge(merge_id=merge_id, region=region, actor=request.user, at=request.received_at)
    except Merge.DoesNotExist:
        # The first click was a moment ahead.
        return redirect("mapping:organisation", slug, organisation_key)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("mapping:organisation", slug, organisation_key)
    note_act(request, region, ActOnRow.SPLIT, organisation, merge_id=merge_id)
    words = _(
        "They are two again: %(name)s stands by itself. What was changed since stays with the other one."
    )
    messages.success(request, filled_in(words, name=dutch(gone.name)))
    return redirect(row_address(request, region, gone))


def _on_map(request: SignedInRequest, region: Region, organisation_key: UUID) -> Organisation:
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    return get_object_or_404(known.select_related("municipality", "kind"), map_key=organisation_key)


def _will_be_public(one: Organisation, other: Organisation) -> bool:
    """Tell whether what becomes of two is public: where one is, and neither said no."""
    is_public = bool(one.published_at or other.published_at)
    return is_public and not (has_declined(one) or has_declined(other))
