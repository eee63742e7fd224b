"""A page of the admin site: who may see it, and how it is answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Audience
from hubportal.middleware import ReceivedRequest


class StaffRequest(ReceivedRequest):
    """A request that passed the guard of the admin site."""

    user: User


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a page of the admin site."""
    return render(request, template, {**admin.site.each_context(request), **(context or {})}, status=status)


def only_for(audience: Audience) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Restrict a page to an audience; others get 404."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not audience.includes(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return checked

    return decorate
