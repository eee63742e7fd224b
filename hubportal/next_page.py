"""Redirecting back to the page a person came from."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def asked_next(request: HttpRequest) -> str:
    """Return the ``next`` address when it is a page of this portal, else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Only paths: anything else would be taken for the name of a view.
    return wanted if is_ours and wanted.startswith("/") else ""


def page_without(request: HttpRequest, *names: str) -> str:
    """Return the address of this page without what these names in it say."""
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    return f"{request.path}?{kept.urlencode()}" if kept else request.path
