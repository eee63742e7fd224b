"""The takeovers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TakeoversConfig(AppConfig):
    """Drafts whose account holder is gone, asked of the office by somebody of the lead organisation."""

    name = "takeovers"
    verbose_name = _("takeovers")
