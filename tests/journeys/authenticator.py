"""An authenticator app: computes the codes that a portal's second factor asks for."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.models import User
from tests.journeys.walking import arrive, log_in, press


class AuthenticatorApp:
    """Shows codes for one secret, and never the same twice, because a portal takes each once."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._last = 0

    def code(self) -> str:
        """Return the code of now; when that was shown already, the one that comes after the last."""
        self._last = max(self._last + 1, int(time.time()) // app_settings.TOTP_PERIOD)
        return format_hotp_value(hotp_value(self._secret, self._last))


def give_authenticator(user: User) -> AuthenticatorApp:
    """Replace the second factor of somebody by a real one."""
    user.authenticator_set.all().delete()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return AuthenticatorApp(secret)


def log_in_with_code(page: Page, server: LiveServer, user: User) -> None:
    """Log in with password and the code of an authenticator of this moment."""
    app = give_authenticator(user)
    log_in(page, server, user.email)
    arrive(page, "Extra controle")
    page.get_by_label("Code").fill(app.code())
    press(page, "Inloggen")
    arrive(page, f"Welkom, {user.full_name}")
