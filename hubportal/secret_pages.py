"""Pages for people without an account, reached through a secret in their address."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse

from hubportal.middleware import ReceivedRequest

Which = ParamSpec("Which")


def secret_address(
    view: Callable[Concatenate[ReceivedRequest, Which], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Keep the secret in the address out of other sites' hands, caches and search engines."""

    @wraps(view)
    def kept(request: ReceivedRequest, *args: Which.args, **which: Which.kwargs) -> HttpResponse:
        response = view(request, *args, **which)
        # Never the path, to nobody. Not "no-referrer": browsers then send "Origin: null" with every form
        # of the page, which the check against forged requests refuses.
        response["Referrer-Policy"] = "strict-origin"
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex"
        return response

    return kept
