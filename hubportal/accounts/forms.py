"""Forms about accounts."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hubportal.kernel.names import refuse_address
from hubportal.kernel.text import visible


class SignupForm(forms.Form):
    """What we ask beside address and password when somebody registers."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("First and last name, as your organisation knows you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        validators=[refuse_address],
    )

    def clean_full_name(self) -> str:
        """Return the name on one line, as mails and letters write it."""
        return " ".join(visible(str(self.cleaned_data["full_name"])).split())

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
