"""Forms of administrators about regions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import ShownForm
from hubportal.kernel.languages import dutch
from regions.models import Region
from regions.queries import all_regions


class _RegionsField(forms.ModelMultipleChoiceField):
    """Regions, whose names are Dutch in every language of the screen."""

    def label_from_instance(self, obj: Region) -> str:
        """Return the name."""
        return dutch(obj.name)


class RegionsForm(ShownForm):
    """The regions that a kwartiermaker maps."""

    regions = _RegionsField(
        label=_("Assigned regions"),
        queryset=all_regions().only("pk", "name", "sort_name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
