"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts and roles."""

    name = "hubportal.accounts"
    verbose_name = _("accounts")
