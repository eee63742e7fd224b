"""Who gets which application on a page; everybody else gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from applications.models import Application
from applications.permissions import may_write
from applications.queries import visible_to_applicants, with_coalition
from applications.queries.comments import with_open_comments
from hubportal.accounts.permissions import Person
from hubportal.middleware import SignedInRequest

Which = ParamSpec("Which")


def draft_page(
    view: Callable[Concatenate[SignedInRequest, Application, Which], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Pass the view an application of the person's own organisation; any other is 404.

    GET redirects to the status page once the application is submitted. POST goes on to the act, which refuses,
    so that the page can show what was typed.
    """

    @wraps(view)
    def opened(
        request: SignedInRequest, reference: str, *args: Which.args, **which: Which.kwargs
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        drafts = with_open_comments(with_coalition(may_write.rows(request.user))).select_related("people")
        application = get_object_or_404(drafts, reference=reference)
        if not application.is_draft and request.method in {"GET", "HEAD"}:
            return redirect("applications:status", reference)
        return view(request, application, *args, **which)

    return opened


def shown_to(user: Person, reference: str) -> Application:
    """Return an application that the person's organisations lead or were asked about, or 404."""
    return get_object_or_404(with_coalition(visible_to_applicants(user)), reference=reference)
