"""The pictures app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PicturesConfig(AppConfig):
    """Pictures of the maps of regions."""

    name = "pictures"
    verbose_name = _("pictures")
