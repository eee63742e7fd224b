"""The people app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People who may take part in a region."""

    name = "people"
    verbose_name = _("people")
