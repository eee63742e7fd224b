"""The calls app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    """Subsidy calls."""

    name = "calls"
    verbose_name = _("calls")
