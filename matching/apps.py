"""The matching app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    """From the map of a region to coalitions."""

    name = "matching"
    verbose_name = _("from map to coalition")
