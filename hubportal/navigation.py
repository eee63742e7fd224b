"""The main navigation: who sees which links."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import STAFF_ROLES, Role


def navigation_for(request: HttpRequest, roles: frozenset[Role]) -> list[dict[str, Any]]:
    """Return the links of the main navigation for somebody with these roles, the present page marked."""
    is_visitor = not getattr(getattr(request, "user", None), "is_authenticated", False)
    items = []
    for name, label in _links(is_visitor=is_visitor, roles=roles):
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append({"label": label, "url": url, "current": request.path.startswith(url)})
    return items


def _links(*, is_visitor: bool, roles: frozenset[Role]) -> Iterator[tuple[str, Promise]]:
    if not is_visitor:
        yield "website:start", _("My work")
    if not is_visitor and not roles:
        yield "coalitions:list", _("Coalitions")
        yield "applications:list", _("Applications")
        yield "organisations:my_organisations", _("Organisations")
    if Role.KWARTIERMAKER in roles:
        yield "mapping:regions", _("Mapping")
    if not roles.isdisjoint(STAFF_ROLES):
        yield "admin:index", _("Assessment and management")
    yield "website:map", _("Regions")
    yield "website:calls", _("Calls")
    if is_visitor:
        yield "website:help", _("Help")
