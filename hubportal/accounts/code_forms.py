"""Forms that ask a code of the second factor, each of which is taken once."""

from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache

from hubportal.accounts.second_factor import may_switch_on, too_late_to_switch_on
from hubportal.kernel import clock


def _take_once(user: Any, code: str) -> str:
    """Return a code that is right, unless it was used: allauth remembers it for one step, while three are taken."""
    steps = 2 * app_settings.TOTP_TOLERANCE + 1
    key = f"second-factor.used?user={user.pk}&code={normalize_user_code(code)}"
    if not cache.add(key, "y", timeout=steps * app_settings.TOTP_PERIOD):
        raise get_adapter().validation_error("incorrect_code")
    return code


class ActivateForm(ActivateTOTPForm):
    """Switching the second factor on."""

    def clean_code(self) -> str:
        """Take a code once, in time."""
        if not may_switch_on(context.request, self.user, at=clock.now()):
            raise too_late_to_switch_on()
        return _take_once(self.user, super().clean_code())


class CodeForm(AuthenticateForm):
    """The code at log-in."""

    def clean_code(self) -> str:
        """Take a code once."""
        return _take_once(self.user, super().clean_code())


class AskAgainForm(ReauthenticateForm):
    """The code that is asked again before something weighty."""

    def clean_code(self) -> str:
        """Take a code once."""
        return _take_once(self.user, super().clean_code())
