"""The imports app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Rows of a spreadsheet on the map of a region."""

    name = "imports"
    verbose_name = _("imports")
