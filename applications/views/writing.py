"""Pages to be written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def particulars(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def people(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def section(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404
