"""The accounts app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts and roles."""

    name = "hubportal.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Begin a session at each log-in. Keep the mailbox of each address. Treat what enables a second factor as using it, and record who switches one on or off."""
        # Here, as models are loaded only now.
        from allauth.account.models import EmailAddress  # see above
        from allauth.mfa.signals import authenticator_added, authenticator_removed  # see above

        from hubportal.accounts.known import keep_mailbox  # see above
        from hubportal.accounts.switching import logged_in, switched_off, switched_on  # see above

        post_save.connect(keep_mailbox, sender=EmailAddress, dispatch_uid="mailbox of an address")
        user_logged_in.connect(logged_in, dispatch_uid="session began")
        authenticator_added.connect(switched_on, dispatch_uid="second factor switched on")
        authenticator_removed.connect(switched_off, dispatch_uid="second factor switched off")
