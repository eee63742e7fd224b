"""The admin site: a door to the acts, not a second house.

An app with an admin room may declare ``panels(user)`` in ``admin/panels.py`` (what waits for this person) and
``urlpatterns`` in ``admin/urls.py`` (its own pages). Both are collected here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.second_factor import has_used_second_factor


@dataclass(frozen=True)
class Panel:
    """What waits for somebody on the first page of the admin site."""

    title: Any
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    # Lower comes first.
    order: int = 50


class HubAdminSite(admin.AdminSite):
    """The dashboard of reviewers, chair, officers, releasers and administrators (beheer)."""

    site_title = _("Hubportaal")
    site_header = _("Hubportaal: assessment and management")
    index_title = _("What waits for you")
    index_template = "admin/dashboard.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who has a role here and used a second factor in this session."""
        return bool(getattr(request.user, "is_staff", False)) and has_used_second_factor(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer 404 to people without a role here; ask others to log in."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not request.user.is_staff:
                raise Http404
            if not self.has_permission(request):
                return self.login(request)
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the portal's own log-in, which knows the second factor."""
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the portal's own page for logging out."""
        return redirect("account_logout")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the portal's own page for a new password."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show what waits for this person, panel by panel."""
        assert isinstance(request.user, User)
        panels = [panel for module in _rooms("panels") for panel in module.panels(request.user)]
        return super().index(
            request, {"panels": sorted(panels, key=lambda each: each.order), **(extra_context or {})}
        )

    def get_urls(self) -> list[Any]:
        """Put the apps' own pages before the lists of the admin."""
        own: list[URLPattern | URLResolver] = [
            path("", include([_guard(self, pattern) for pattern in module.urlpatterns]))
            for module in _rooms("urls")
        ]
        return [*own, *super().get_urls()]


def _rooms(name: str) -> Iterator[ModuleType]:
    """Yield the modules of this name in the apps' admin rooms."""
    for config in apps.get_app_configs():
        room = f"{config.name}.admin"
        if config.name.startswith(("django.", "allauth")) or not find_spec(room):
            continue
        if find_spec(f"{room}.{name}") if hasattr(import_module(room), "__path__") else None:
            yield import_module(f"{room}.{name}")


def _guard(site: HubAdminSite, pattern: URLPattern) -> URLPattern:
    view: Callable[..., HttpResponse] = site.admin_view(pattern.callback)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


class HubModelAdmin(admin.ModelAdmin):
    """A list and a view of rows for some roles; every change goes through an act elsewhere."""

    roles: ClassVar[frozenset[Role]] = frozenset()
    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def rows_for(self, user: User) -> QuerySet[Any]:
        """Return the rows that this person may see listed."""
        return self.model._default_manager.all()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Limit every list and view to what the person may see."""
        assert isinstance(request.user, User)
        return self.rows_for(request.user)

    def _may(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.has_role(*self.roles)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the list to the roles that have it."""
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let the roles that have the list look into it."""
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: rows are made by acts."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: rows are changed by acts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: rows are kept."""
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refuse: the history is the event log."""
        raise Http404
