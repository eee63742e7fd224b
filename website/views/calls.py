"""The page of a call."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls.models import Call
from hubportal.middleware import ReceivedRequest


@require_safe
def call(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show a call: what it pays, who may apply, its rounds and how it is judged."""
    return render(request, "website/call.html", {"call": get_object_or_404(Call, slug=slug)})
