"""Every address of the portal: paths are Dutch, names are English; a page in English has ``en`` before its path."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

_pages: list[URLPattern | URLResolver] = [
    path("", include("website.urls")),
    # Before the page of allauth that it takes the place of.
    path("account/", include("hubportal.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("organisaties/", include("organisations.urls")),
    path("regiowerk/", include("mapping.urls")),
    path("regiowerk/", include("imports.urls")),
    path("", include("call_questions.urls")),
    path("", include("pictures.urls")),
    path("", include("people.urls")),
    path("", include("residents.urls")),
    path("", include("matching.urls")),
    path("coalities/", include("coalitions.urls")),
    path("aanvragen/", include("applications.urls")),
    path("", include("decisions.urls")),
    path("", include("correspondence.urls")),
    path("", include("completions.urls")),
    path("", include("takeovers.urls")),
    path("", include("hubportal.documents.urls")),
    path("beheer/", admin.site.urls),
]
if settings.DEMO:
    _pages.append(path("demo/", include("demo.urls")))

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", include("hubportal.health.urls")),
    *i18n_patterns(*_pages, prefix_default_language=False),
]
if settings.TOOLBAR:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))
