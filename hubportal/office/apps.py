"""The office app, and the admin with the portal's own site in place of Django's."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Assessment and management."""

    name = "hubportal.office"
    verbose_name = _("office")


class HubAdminConfig(AdminConfig):
    """Let ``django.contrib.admin.site`` be the portal's admin site."""

    default_site = "hubportal.office.site.HubAdminSite"
