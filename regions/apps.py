"""The regions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """Regions and the map of actors."""

    name = "regions"
    verbose_name = _("regions")
