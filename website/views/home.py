"""The home page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest


@require_safe
def home(request: ReceivedRequest) -> HttpResponse:
    """Show what a hub is, the call that is open, and the way to one's own region."""
    return render(request, "website/home.html")
