"""The mail app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """The outbox."""

    name = "hubportal.mail"
    verbose_name = _("e-mail")
