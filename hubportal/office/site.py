"""The admin site: a front end to the acts, without logic of its own.

An app with an admin room may declare ``panels(user)`` and ``links(user)`` in ``admin/panels.py`` (what waits for
this person, and where they can go), ``urlpatterns`` in ``admin/urls.py`` (its own pages) and ``told_about(person)`` in
``admin/about.py`` (what who gives a role has to know of a person). All are collected here.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.second_factor import has_used_second_factor


class HubAdminSite(admin.AdminSite):
    """The dashboard of reviewers, chair, officers, releasers and administrators (beheer)."""

    site_title = _("Hubportaal")
    site_header = _("Hubportaal: assessment and management")
    index_title = _("What you have to do")
    index_template = "admin/dashboard.html"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in no list: those that packages bring write around the acts."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add where this person can go to what every page knows."""
        assert isinstance(request.user, User)
        links = [link for module in _rooms("panels") for link in module.links(request.user)]
        ordered = sorted(links, key=lambda each: each.order)
        marked = [(each, each.current(request.path)) for each in ordered]
        return {**super().each_context(request), "office_links": marked}

    def has_permission(self, request: HttpRequest) -> bool:
        """Allow people with a role here who used a second factor in this session."""
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
        """Send people to the portal's own log-in, which knows the second factor, and back to what they asked."""
        index, asked = reverse("admin:index"), request.get_full_path()
        if request.path == reverse("admin:login"):
            # Its address is no page to come back to: who is logged in would be sent to and fro without end.
            if request.user.is_authenticated:
                if not request.user.is_staff:
                    raise Http404
                return redirect(index)
            asked = index
        return redirect(f"{reverse('account_login')}?{urlencode({'next': asked})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Send people to the portal's own page for logging out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Send people to the portal's own page for a new password."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Refuse: no field of the admin searches other people's rows."""
        raise Http404

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


def told_about(person: User) -> list[tuple[str, str]]:
    """Return what those who give a role have to know of a person first: how, and the name of what (rule 29)."""
    return [each for module in _rooms("about") for each in module.told_about(person)]


@lru_cache(maxsize=4)
def _rooms(name: str) -> tuple[ModuleType, ...]:
    """Return the modules of this name in the apps' admin rooms."""
    rooms = (f"{config.name}.admin" for config in apps.get_app_configs())
    ours = (each for each in rooms if not each.startswith(("django.", "allauth")) and find_spec(each))
    return tuple(
        import_module(f"{each}.{name}")
        for each in ours
        if hasattr(import_module(each), "__path__") and find_spec(f"{each}.{name}")
    )


def _guard(site: HubAdminSite, pattern: URLPattern) -> URLPattern:
    view: Callable[..., HttpResponse] = site.admin_view(pattern.callback)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)
