"""The mapping app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    """The maps of the regions."""

    name = "mapping"
    verbose_name = _("mapping")
