"""The regions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """Regions and their municipalities."""

    name = "regions"
    verbose_name = _("regions")
