"""Forms of administrators about regions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.forms import ShownForm
from hubportal.kernel.languages import dutch
from mapping.assignment_queries import kwartiermakers_in, kwartiermakers_not_in
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


class _PersonField(forms.ModelChoiceField):
    """Somebody, by name and address: two people can have one name."""

    def label_from_instance(self, obj: User) -> str:
        """Return name and address."""
        return f"{obj.full_name} ({obj.email})"


class AssignForm(forms.Form):
    """Who maps a region from now on, and in whose place."""

    user = _PersonField(label=_("Kwartiermaker"), queryset=User.objects.none(), empty_label=_("Choose"))
    instead_of = _PersonField(
        label=_("In the place of"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: beside who maps it now"),
    )

    def __init__(self, *args: Any, region: Region, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, people in (
            ("user", kwartiermakers_not_in(region)),
            ("instead_of", kwartiermakers_in(region)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people
