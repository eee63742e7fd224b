"""Choosing, where two organisations of the map say different things, which of both is kept."""

from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mapping.domain.cells import value_of
from mapping.domain.merging import Row, differing
from mapping.forms.fields import names_of
from mapping.forms.organisations import OrganisationForm


class MergeForm(forms.Form):
    """For each field in which both say something else: whose is kept; of the first one as it begins."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, one: Row, other: Row, **values: Any) -> None:
        super().__init__(*args, **values)
        self._keys = {str(each.map_key): each.pk for each, _entry in (one, other)}
        for name in differing(one, other):
            choices = [(str(row[0].map_key), _shown(name, value_of(*row, name))) for row in (one, other)]
            self.fields[name] = forms.ChoiceField(
                label=OrganisationForm.base_fields[name].label,
                choices=choices,
                initial=choices[0][0],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose which of both is kept.")},
            )

    def chosen(self) -> dict[str, int]:
        """Return whose value is kept, by field."""
        return {name: self._keys[value] for name, value in self.cleaned_data.items() if name != "seen"}


def _shown(name: str, value: Any) -> str:
    """Return the value of a field as people read it."""
    if name == "reaches":
        return names_of(value)
    if name == "next_on":
        return date_format(value, "d-m-Y")
    field = OrganisationForm.base_fields[name]
    if name in {"kind", "municipality"} or not isinstance(field, forms.ChoiceField):
        return str(value)
    choices: Any = field.choices
    listed: list[tuple[Any, Any]] = list(flatten_choices(choices))
    words = {str(key): str(label) for key, label in listed}
    return ", ".join(
        words.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value])
    )
