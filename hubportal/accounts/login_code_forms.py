"""The forms of logging in by a code that is mailed."""

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.mail_limits import CODES, is_mailed_enough
from hubportal.accounts.queries import reader_of
from hubportal.kernel.canonical import digest
from hubportal.visitors import is_over


class AskCodeForm(RequestLoginCodeForm):
    """Asks to whom a code is mailed."""

    def clean_email(self) -> str:
        """Find whose mailbox it is: only who confirmed the address, or else a stranger who only said so would let them in.

        Where a mailbox was mailed as many codes as anybody needs, no code is right: what was not mailed cannot be guessed.
        """
        # As it is kept: a sign that is a capital of another one leads a mail elsewhere.
        email: str = super().clean_email().lower()
        reader = reader_of(email)
        self._user = None if is_mailed_enough(context.request, email, CODES) else reader
        return email


class MailedCodeForm(ConfirmLoginCodeForm):
    """Asks for the code."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        help_text=_("Eight digits, with or without the dash."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Take as many tries as are counted, though they come in at once: a session counts the last one only."""
        tries = f"login-code:{digest(f'{context.request.session.session_key} {self.expected_code}'.encode())}"
        if is_over(tries, app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS, app_settings.LOGIN_BY_CODE_TIMEOUT):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()
        return code
