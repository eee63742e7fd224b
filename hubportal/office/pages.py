"""A page of the admin site: who may see it, and how it is answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Audience
from hubportal.middleware import ReceivedRequest

ROWS_PER_PAGE = 50


class StaffRequest(ReceivedRequest):
    """A request that passed the guard of the admin site."""

    user: User


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a page of the admin site."""
    return render(request, template, {**admin.site.each_context(request), **(context or {})}, status=status)


def page_of_rows(request: HttpRequest, ordered: QuerySet[Any], *, shown: QuerySet[Any]) -> Page[Any]:
    """Return the page of a list that the address asks for, in two steps, so that a long list costs what a short one does.

    ``ordered`` says which rows and in which order; only its number and the keys of one page are read. ``shown`` reads all
    that is shown of a row, for the rows of that page alone.
    """
    found = Paginator(ordered, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    keys = list(cast("QuerySet[Any]", found.object_list).values_list("pk", flat=True))
    rows = shown.order_by().in_bulk(keys)
    found.object_list = [rows[each] for each in keys if each in rows]
    return found


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
