"""The residents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    """What residents say to the kwartiermaker of their region."""

    name = "residents"
    verbose_name = _("residents")
