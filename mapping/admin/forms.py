"""What administrators type about regions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class RegionsForm(forms.Form):
    """The regions that a kwartiermaker maps."""

    regions = forms.ModelMultipleChoiceField(
        label=_("Assigned regions"),
        queryset=Region.objects.only("pk", "name", "sort_name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
