"""The admin, replaced by the portal's own."""

from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    """Let ``django.contrib.admin.site`` be the portal's admin site."""

    default_site = "hubportal.admin.HubAdminSite"
