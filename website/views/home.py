"""The home page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calls.domain.rounds import round_for
from calls.queries import calls_open
from hubportal.middleware import ReceivedRequest
from website.domain.coverage import coverage_map
from website.forms import FindRegionForm
from website.queries import public_calls


@require_safe
def home(request: ReceivedRequest) -> HttpResponse:
    """Show what a hub is, the calls that are open, and the way to one's own region."""
    open_calls = calls_open(at=request.received_at).filter(pk__in=public_calls()).prefetch_related("rounds")
    calls = [(call, round_for(request.received_at, call.rounds.all())) for call in open_calls]
    return render(
        request, "website/home.html", {"calls": calls, "form": FindRegionForm(), "map": coverage_map()}
    )
