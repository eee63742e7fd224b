"""Texts for programs: security contact, and pages excluded from search engines."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest


@require_safe
def robots(request: ReceivedRequest) -> HttpResponse:
    """Exclude the pages of logged-in people from search engines."""
    closed = [reverse("website:start"), reverse("admin:index"), "/account/", "/aanvragen/", "/coalities/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: ReceivedRequest) -> HttpResponse:
    """Tell where to report a leak (RFC 9116)."""
    expires_at = request.received_at + timedelta(days=180)
    lines = [
        f"Contact: {settings.PUBLIC_ADDRESS}{reverse('website:contact')}",
        f"Expires: {expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.PUBLIC_ADDRESS}{reverse('website:security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
