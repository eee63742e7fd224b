"""Every address of the portal: paths are Dutch, names are English."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("website.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("taal/", set_language, name="set_language"),
    path("organisaties/", include("organisations.urls")),
    path("regiowerk/", include("mapping.urls")),
    path("coalities/", include("coalitions.urls")),
    path("aanvragen/", include("applications.urls")),
    path("besluiten/", include("decisions.urls")),
    path("", include("hubportal.documents.urls")),
    path("healthz/", include("hubportal.health.urls")),
    path("beheer/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("demo.urls")))
if settings.TOOLBAR:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))
