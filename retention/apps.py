"""The retention app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    """Retention periods, and the destruction of what is past them."""

    name = "retention"
    verbose_name = _("retention")
