"""Pages to be written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def status(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def receipt_pdf(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404
