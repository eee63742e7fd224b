"""Pages to be written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def list_applications(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def overview(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def start(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404
