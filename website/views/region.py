"""The public page of a region."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hubportal.kernel.clock import local_date
from hubportal.middleware import ReceivedRequest
from mapping.agreement_queries import agreements_of, shown_in_stream
from mapping.cards import ShownCard, shown_card
from mapping.models import Tie
from mapping.queries import kwartiermakers_of
from mapping.question_queries import QUESTIONS_SHOWN
from mapping.ties import public_ties_of
from organisations.models import Organisation
from organisations.queries import nearest_first, numbers_by_stream, public_organisations_in
from organisations.streams import Stream
from pictures.enums import PictureKind
from pictures.regional_queries import shown_picture_of
from regions.finding import Hit, places_called
from regions.models import Municipality, Region
from regions.queries import all_regions
from regions.views.found_wording import lines_of
from residents.queries import contacts_shown, open_questions
from website.domain.grants import public_grants
from website.enums import HubState
from website.forms import FindRegionForm
from website.queries import grants_in, outline, public_states, with_states
from website.views.linked_data import region_as_data
from website.views.regions import crumbs

ORGANISATIONS_PER_PAGE = 50
GRANTS_SHOWN = 50

_BADGES = {
    HubState.NOTHING: "neutral",
    HubState.MAPPED: "neutral",
    HubState.FORMING: "info",
    HubState.SUBMITTED: "warning",
    HubState.GRANTED: "ok",
}


@dataclass(frozen=True)
class StreamChoice:
    """A stream by which organisations can be chosen, with how many there are and where it leads."""

    label: str | Promise
    number: int
    address: str
    is_chosen: bool


@require_safe
def region(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show what is public of a region, beginning with the municipality by which somebody found it."""
    found = get_object_or_404(with_states(all_regions()), slug=slug)
    public = public_states([found])[found.pk]
    via = request.GET.get("via", "")[: FindRegionForm.MOST_LETTERS]
    hits = places_called(via, found) if via else []
    own = _municipality_of(hits)
    stream = request.GET.get("stroom", "")
    published = public_organisations_in(found)
    organisations = _page_of(published, own, stream, request.GET.get("page"))
    municipalities, working = _with_own_first(found, own), kwartiermakers_of(found)
    granted = list(public_grants(grants_in(found)[:GRANTS_SHOWN]))
    context = {
        "region": found,
        "linked_data": region_as_data(found, municipalities, granted),
        "statistics": settings.REGIONAL_STATISTICS.replace("{code}", found.code),
        "outline": outline(),
        "found_by": lines_of(hits),
        "via": via,
        "own": own,
        "state": public.state,
        "badge_kind": _BADGES[public.state],
        "crumbs": crumbs(),
        "is_read": bool(working),
        "contacts": contacts_shown(found, working),
        "counts": {each.value: number for each, number in public.counts.items() if each != HubState.MAPPED},
        "grants": granted,
        "questions": list(open_questions(found, today=local_date(request.received_at)).items())[
            :QUESTIONS_SHOWN
        ],
        "pictures": list(PictureKind),
        "regional_picture": shown_picture_of(found),
        "municipalities": municipalities,
        "streams": _streams(published, via, stream),
        "organisations": organisations,
        "cards": _cards(list(organisations)),
    }
    return render(request, "website/region.html", context)


def _cards(organisations: list[Organisation]) -> list[tuple[ShownCard, list[Tie]]]:
    """Return what visitors read of each organisation: what it agreed to, or else what the map has now; and its ties."""
    tied, agreed = public_ties_of(organisations), agreements_of(each.pk for each in organisations)
    return [(shown_card(each, agreed.get(each.pk)), tied.get(each.pk, [])) for each in organisations]


def _municipality_of(hits: list[Hit]) -> Municipality | None:
    """Return the one municipality by which a region was found; nothing where there are several."""
    places = {hit.municipality for hit in hits if hit.municipality}
    return places.pop() if len(places) == 1 else None


def _with_own_first(found: Region, own: Municipality | None) -> list[Municipality]:
    return sorted(found.municipalities.all(), key=lambda each: each != own)


def _streams(published: QuerySet[Organisation], via: str, chosen: str) -> list[StreamChoice]:
    """Return the ways to choose among the organisations; nothing where they would choose nothing."""
    numbers = numbers_by_stream(published, belongs=shown_in_stream)
    if not any(numbers[each] for each in Stream.values):
        return []
    labels: list[tuple[str, Any]] = [("", _("All")), *Stream.choices]
    return [
        StreamChoice(label, numbers[each], _address(via, each), is_chosen=each == chosen)
        for each, label in labels
    ]


def _address(via: str, stream: str) -> str:
    kept = {name: value for name, value in (("via", via), ("stroom", stream)) if value}
    return f"?{urlencode(kept)}#organisations"


def _page_of(
    published: QuerySet[Organisation], own: Municipality | None, stream: str, number: str | None
) -> Any:
    """Return a page of the organisations of a stream, those of one's own municipality first."""
    chosen = published.filter(shown_in_stream(stream)) if stream in Stream.values else published
    ordered = nearest_first(chosen, own).select_related("municipality")
    return Paginator(ordered, ORGANISATIONS_PER_PAGE).get_page(number)
