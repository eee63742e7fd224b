"""A page of the admin site: who may see it, and how it is answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.middleware import ReceivedRequest


class StaffRequest(ReceivedRequest):
    """A request that passed the guard of the admin site."""

    user: User


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a page of the admin site."""
    return render(request, template, {**admin.site.each_context(request), **(context or {})}, status=status)


def for_roles(*roles: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let only these roles see a page; others get 404, as for a page that does not exist."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return checked

    return decorate
