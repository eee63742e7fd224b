"""The form by which a kwartiermaker says how visitors can call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import LineField, PersonNameField


class ContactForm(forms.Form):
    """What visitors of a region see of its kwartiermaker."""

    name = PersonNameField(label=_("Name"), max_length=150)
    phone = LineField(
        label=_("Phone number"),
        max_length=40,
        is_printed=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("One of your work: everybody sees it, and search engines keep it."),
    )
    hours = LineField(
        label=_("When can people call you?"),
        max_length=150,
        required=False,
        is_printed=False,
        help_text=_("For example: Tuesday and Thursday from 9:00 to 12:00."),
    )
