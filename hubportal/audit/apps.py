"""The audit app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Hash-chained event log."""

    name = "hubportal.audit"
    verbose_name = _("audit")
