"""Forms about accounts."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hubportal.accounts.models import User
from hubportal.documents.domain.glyphs import refuse_unprintable
from hubportal.kernel.names import refuse_address, refuse_slogan
from hubportal.kernel.text import visible


class NameForm(forms.Form):
    """The name of a person in their own account."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("First and last name, as your organisation knows you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        validators=[refuse_address, refuse_slogan, refuse_unprintable],
    )

    def clean_full_name(self) -> str:
        """Return the name on one line, as mails and letters write it."""
        return " ".join(visible(str(self.cleaned_data["full_name"])).split())


class SignupForm(NameForm):
    """What we ask beside address and password when somebody registers."""

    field_order = ("full_name", "email", "password1", "password2")

    def signup(self, request: object, user: object) -> None:
        """Do nothing more: the adapter keeps the name."""


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Refuses a short password, in our words: Django's have no Dutch."""

    def get_error_message(self) -> str:
        """Return what is asked of a password."""
        return ngettext(
            "Choose a password of at least %(least)s character.",
            "Choose a password of at least %(least)s characters.",
            self.min_length,
        ) % {"least": self.min_length}


# Fewer different signs are tried first, and so are these words with a number or a sign behind them.
_FEWEST_SIGNS = 5
_GUESSED_FIRST = frozenset(
    {"wachtwoord", "password", "welkom", "welcome", "geheim", "hubportaal", "participatie", "participatiehub"}
)


class GuessableValidator:
    """Refuses what is guessed first: one word that everybody thinks of with a number, or a few signs over and over."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` for a password that is guessed first."""
        word = "".join(each for each in password.casefold() if each.isalpha())
        if len(set(password)) < min(_FEWEST_SIGNS, len(password)) or word in _GUESSED_FIRST:
            raise ValidationError(
                _("This password is easy to guess. Choose a few words that do not belong together.")
            )

    def get_help_text(self) -> str:
        """Return what to do."""
        return str(_("Choose a few words that do not belong together."))


class ChosenPasswordForm(forms.Form):
    """Asks who confirms an address in another browser for the password that was chosen when the account was made."""

    password = forms.CharField(
        label=_("Password that you chose for this account"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, account: User, *args: Any, **kwargs: Any) -> None:
        """Ask for the password of this account."""
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Refuse any other password."""
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise ValidationError(_("This is not the password that was chosen when this account was made."))
        return password
