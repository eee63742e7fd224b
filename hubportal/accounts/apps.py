"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts and roles."""

    name = "hubportal.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Treat the code that enables the second factor as using it."""
        # Here, as models are loaded only now.
        from allauth.mfa.signals import authenticator_added

        # And here for the same reason.
        from hubportal.accounts.second_factor import remember_activation

        authenticator_added.connect(remember_activation, dispatch_uid="second factor switched on")
