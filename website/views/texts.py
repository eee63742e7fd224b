"""Pages of text: privacy, accessibility, contact and help."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest

# Stand-ins, and shown as such: whoever runs the portal fills in their own.
OFFICE = {
    "mail": "hulp@hubportaal.example",
    "telephone": "000 000 00 00",
    "address": [
        "Programmabureau Infrastructuur beleidsparticipatie",
        "Postbus 0000",
        "0000 AA Voorbeeldstad",
    ],
}


@require_safe
def privacy(request: ReceivedRequest) -> HttpResponse:
    """Show the privacy statement."""
    return render(request, "website/privacy.html")


@require_safe
def accessibility(request: ReceivedRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "website/accessibility.html")


@require_safe
def contact(request: ReceivedRequest) -> HttpResponse:
    """Show how to reach the programme office."""
    return render(request, "website/contact.html", {"office": OFFICE})


@require_safe
def help_page(request: ReceivedRequest) -> HttpResponse:
    """Show answers to common questions."""
    return render(request, "website/help.html")
