"""Pages to be written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def letter(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404
