"""Texts for programs: security contact, and pages excluded from search engines."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hubportal.kernel.languages import in_language
from hubportal.mail.domain.composing import address_of
from hubportal.middleware import ReceivedRequest


@require_safe
def robots(request: ReceivedRequest) -> HttpResponse:
    """Exclude the pages of logged-in people from search engines."""
    rooms = [reverse("website:start"), reverse("admin:index"), "/account/", "/aanvragen/", "/coalities/"]
    closed = [in_language(path, code) for code, _name in settings.LANGUAGES for path in rooms]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {address_of('website:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: ReceivedRequest) -> HttpResponse:
    """Tell where to report a leak (RFC 9116)."""
    expires_at = request.received_at + timedelta(days=180)
    lines = [
        f"Contact: {address_of('website:contact')}",
        f"Expires: {expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {address_of('website:security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
