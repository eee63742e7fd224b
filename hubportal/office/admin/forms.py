"""Forms of administrators about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.forms import ShownForm


class SearchForm(forms.Form):
    """A part of a name or an address."""

    zoek = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=150)


class RolesForm(ShownForm):
    """The roles that somebody holds."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
