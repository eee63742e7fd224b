"""Forms about accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What we ask beside address and password when somebody registers."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("First and last name, as your organisation knows you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ("full_name", "email", "password1", "password2")

    def signup(self, request: object, user: object) -> None:
        """Do nothing more: the adapter keeps the name."""
