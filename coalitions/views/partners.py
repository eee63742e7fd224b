"""Pages to be written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def add_partner(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def change_contact(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404


def remove_partner(request: HttpRequest, **which: Any) -> HttpResponse:
    """Answer that there is nothing here yet."""
    raise Http404
