"""Pages to be written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def consent(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def consent_account(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404
