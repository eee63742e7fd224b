"""The search for one's own region."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindRegionForm(forms.Form):
    """What a visitor types to find a region."""

    zoek = forms.CharField(
        label=_("Postcode, municipality or region"),
        help_text=_("For example 3511, Zutphen or Twente."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages={"required": _("Type a postcode, or the name of a municipality or region.")},
    )
