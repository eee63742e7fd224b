"""Where one lands after logging in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest


@login_required
@require_safe
def start(request: ReceivedRequest) -> HttpResponse:
    """Show what the person can do here, and what waits for them."""
    return render(request, "website/start.html")
