"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts and roles."""

    name = "hubportal.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Treat what enables a second factor as using it, and record who switches one on or off."""
        # Here, as models are loaded only now.
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        # And here for the same reason.
        from hubportal.accounts.switching import switched_off, switched_on

        authenticator_added.connect(switched_on, dispatch_uid="second factor switched on")
        authenticator_removed.connect(switched_off, dispatch_uid="second factor switched off")
