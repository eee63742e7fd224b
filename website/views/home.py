"""The home page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from website.domain.coverage import coverage_map
from website.domain.open_calls import open_public_calls
from website.forms import FindRegionForm


@require_safe
def home(request: ReceivedRequest) -> HttpResponse:
    """Show what a hub is, the calls that are open, and the way to one's own region."""
    calls = open_public_calls(at=request.received_at)
    return render(
        request, "website/home.html", {"calls": calls, "form": FindRegionForm(), "map": coverage_map()}
    )
