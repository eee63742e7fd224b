"""What a typed organisation may be already: offered while one types, and before it is added."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.choices import flatten_choices
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from hubportal.repeats import key_of
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.enums import ActOnRow
from mapping.finding import Double, Typed, doubles_of
from mapping.forms.organisations import OrganisationForm
from mapping.permissions import may_take
from mapping.queries import entry_added_with
from mapping.views.acts import note_act
from mapping.views.workspace import assigned_region, row_address
from regions.models import Region

_MOST_LETTERS = 300
_ASKED = ("name", "other_names", "website", "kvk_number")


@login_required
@require_safe
def doubles(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what the organisation that is being typed may be already."""
    region = assigned_region(request, slug)
    typed = Typed(**{each: visible(request.GET.get(each, "")).strip()[:_MOST_LETTERS] for each in _ASKED})
    found = doubles_of(typed, region=region, user=request.user, is_typing=True)
    context = {"region": region, "doubles": found, "add_form": request.GET.get("form", "")}
    return render(request, "mapping/doubles.html", context)


def doubles_to_offer(request: SignedInRequest, region: Region, typed: Typed) -> list[Double]:
    """Return what has to be asked about before an organisation is added; nothing once it was said to be another one."""
    key = key_of(request)
    # A second click is answered as the first.
    if request.POST.get("another") or (key and entry_added_with(key, region)):
        return []
    return doubles_of(typed, region=region, user=request.user)


def is_taking(request: HttpRequest) -> bool:
    """Tell whether the person said that what they typed is one of those that were offered."""
    return "take" in request.POST


def take_typed(
    request: SignedInRequest, region: Region, form: OrganisationForm | None = None
) -> HttpResponse:
    """Put the organisation that was offered on the map of the region, with what was typed of it, and show its row."""
    try:
        organisation_key = UUID(request.POST["take"])
    except ValueError as nothing_of_ours:
        raise Http404 from nothing_of_ours
    return _take(request, region, organisation_key, form)


@login_required
@require_POST
def take(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Put an organisation on the map of the region too."""
    return _take(request, assigned_region(request, slug), organisation_key)


def _take(
    request: SignedInRequest, region: Region, organisation_key: UUID, form: OrganisationForm | None = None
) -> HttpResponse:
    known = get_object_or_404(may_take.rows(request.user), map_key=organisation_key)
    taken = take_to_map(
        organisation_id=known.pk,
        region=region,
        facts=form.facts() if form else None,
        more=form.more() if form else MapFacts(),
        actor=request.user,
        at=request.received_at,
    )
    if not taken.was_here:
        note_act(request, region, ActOnRow.CAME, taken.organisation)
    messages.success(
        request,
        filled_in(
            _("%(name)s is on the map of %(region)s."), name=dutch(known.name), region=dutch(region.name)
        ),
    )
    # The name is the organisation's own.
    if form and (differing := [form[name] for name in taken.differing if name != "name"]):
        words = _("Not taken over, because something else was known already: %(fields)s.")
        messages.warning(request, filled_in(words, fields=_in_words(differing)))
    return redirect(row_address(request, region, taken.organisation))


def _in_words(fields: Iterable[BoundField]) -> SafeString:
    """Return what was typed in these fields, so that it is not lost."""
    return format_html_join("; ", "{} ({})", [(each.label, ", ".join(_typed_in(each))) for each in fields])


def _typed_in(bound: BoundField) -> list[str]:
    """Return the words of what was chosen, or what was typed."""
    value = bound.value()
    values = [str(each) for each in (value if isinstance(value, list) else [value])]
    if not isinstance(bound.field, forms.ChoiceField):
        return [dutch(each) for each in values]
    choices: Any = bound.field.choices
    listed: list[tuple[Any, Any]] = list(flatten_choices(choices))
    words = {str(key): str(label) for key, label in listed}
    return [words.get(each, each) for each in values]
