"""The applications app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """Applications."""

    name = "applications"
    verbose_name = _("applications")
