"""The correspondence app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrespondenceConfig(AppConfig):
    """Messages between the applicants and the office, per application."""

    name = "correspondence"
    verbose_name = _("messages")
