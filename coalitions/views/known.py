"""What everybody can read of an organisation, filled in by its KvK number where somebody names it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hubportal.forms import KvkField
from hubportal.middleware import SignedInRequest, wants_json
from hubportal.next_page import asked_next
from hubportal.visitors import is_over
from mapping.agreement_queries import public_card_of
from regions.queries import municipality_by_code

# Of one person in a day: more than anybody names, and too few to go through the register.
MOST = 200
_DAY = 24 * 60 * 60


@login_required
@require_safe
def known_number(request: SignedInRequest) -> HttpResponse:
    """Fill in the form from which somebody asks, and say where it comes from; the same of what is unknown and what is not public."""
    filled = _public_of(request)
    told = (
        _("We filled in what everybody can read on the map of the region. Check whether it is right.")
        if filled
        else _("Of this number nothing is public on the map. Fill in the organisation yourself.")
    )
    if wants_json(request):
        return JsonResponse({"filled": filled, "told": told})
    messages.info(request, told)
    back = asked_next(request) or "/"
    typed = {"kvk_number": request.GET.get("kvk_number", ""), **filled}
    return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(typed)}")


def _public_of(request: SignedInRequest) -> dict[str, Any]:
    """Return what the fields of a form are filled with, by their names."""
    try:
        number = KvkField().clean(request.GET.get("kvk_number", ""))
    except ValidationError:
        return {}
    if is_over(f"known-numbers:{request.user.pk}", MOST, _DAY):
        return {}
    card = public_card_of(number)
    if card is None:
        return {}
    seat = municipality_by_code(card.municipality)
    return {"name": card.name, **({"municipality": seat.pk} if seat else {})}
