"""The sweeps app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SweepsConfig(AppConfig):
    """Background jobs."""

    name = "hubportal.sweeps"
    verbose_name = _("background jobs")
