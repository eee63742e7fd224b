"""Forms of administrators about regions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.queries import all_regions


class RegionsForm(forms.Form):
    """The regions that a kwartiermaker maps."""

    regions = forms.ModelMultipleChoiceField(
        label=_("Assigned regions"),
        queryset=all_regions().only("pk", "name", "sort_name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
