"""The search for one's own region."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindRegionForm(forms.Form):
    """What a visitor types to find a region."""

    MOST_LETTERS = 120

    zoek = forms.CharField(
        label=_("Postcode, place, municipality or region"),
        help_text=_("For example 3511, Zutphen or Twente."),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "list": "region-suggestions", "data-suggest": True}
        ),
        error_messages={"required": _("Type a postcode, or the name of a place, municipality or region.")},
    )


class FollowForm(forms.Form):
    """The address at which somebody follows a region."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
