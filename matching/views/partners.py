"""The published organisations of a region, offered as partners to who leads a coalition there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalitions.forms import PartnerForm
from coalitions.models import Coalition
from coalitions.permissions import may_lead, may_show
from hubportal.kernel.clock import local_date
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from matching.domain.offers import Offer, missing_voices, standing_of
from matching.enums import PartnerState
from matching.help_queries import help_of, proposed_to
from matching.queries import draft_of, municipality_with, offered_in, section_for_questions
from organisations.streams import Stream

MOST_LETTERS = 100


def led_coalition(request: SignedInRequest, coalition_id: int) -> Coalition:
    """Return a coalition that the person leads; any other is 404."""
    return get_object_or_404(may_lead.rows(request.user).select_related("region"), pk=coalition_id)


@login_required
@require_safe
def partners(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Show the published organisations of the region, where each stands, and which streams the coalition misses."""
    coalition = led_coalition(request, coalition_id)
    stream = request.GET.get("stroom", "")
    typed = visible(request.GET.get("zoek", "")).strip()[:MOST_LETTERS]
    found = offered_in(coalition.region, typed=typed, stream=stream)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    proposals = {each.organisation: each.reason for each in reversed(proposed_to(coalition))}
    standing = standing_of(coalition, [*page, *proposals])
    draft = draft_of(coalition)
    context = {
        "coalition": coalition,
        "page": page,
        "standing": standing,
        "offers": standing.offers[: len(page)],
        "proposed": [(each, proposals[each.organisation]) for each in standing.offers[len(page) :]],
        "can_ask": may_show.allows(request.user, coalition),
        "help": help_of(coalition),
        "draft": draft,
        "missing_voices": missing_voices(coalition, today=local_date(request.received_at)),
        "section": section_for_questions(draft) if draft else None,
        "streams": [("", _("All")), *Stream.choices],
        "stream": stream if stream in Stream.values else "",
        "typed": typed,
    }
    return render(request, "matching/partners.html", context)


@login_required
@require_safe
def invite(request: SignedInRequest, coalition_id: int, organisation_key: str) -> HttpResponse:
    """Show the form that adds a partner, filled in with what everybody may know of a published organisation.

    It is sent to the page that adds a partner, so that it is added, refused and kept there like any other.
    """
    coalition = led_coalition(request, coalition_id)
    offered = offered_in(coalition.region, typed="", stream="")
    organisation = get_object_or_404(offered, map_key=organisation_key)
    (offer,) = standing_of(coalition, [organisation]).offers
    if offer.state != PartnerState.FREE:
        known = _("%(organisation)s is already in your coalition.")
        messages.info(request, filled_in(known, organisation=dutch(offer.shown.card.name)))
        return redirect("matching:partners", coalition.pk)
    form = PartnerForm(initial=_known(offer, coalition), region=coalition.region)
    return render(request, "matching/invite.html", {"coalition": coalition, "offer": offer, "form": form})


def _known(offer: Offer, coalition: Coalition) -> dict[str, Any]:
    """Return what is filled in: the public card, and of a legal person what the trade register has for everybody."""
    card, organisation = offer.shown.card, offer.organisation
    seat = municipality_with(card.municipality)
    known = {
        "name": card.name,
        "municipality": seat,
        # It is on the public page of the region, so this tells nothing.
        "works_in_region": seat is None or seat.region_id != coalition.region_id,
    }
    if organisation.is_legal_person:
        known |= {"kvk_number": organisation.kvk_number, "legal_form": organisation.legal_form}
    if _is_address(card.public_contact):
        known["contact_email"] = card.public_contact
    return known


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
