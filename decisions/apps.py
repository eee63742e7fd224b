"""The decisions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """Decisions."""

    name = "decisions"
    verbose_name = _("decisions")
