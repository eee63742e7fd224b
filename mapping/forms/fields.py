"""Fields that the map asks."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hubportal.forms import LineField
from regions.names import search_key
from regions.queries import all_municipalities

_DAY = _("Enter a day, for example 01-09-2024.")


class DayField(forms.DateField):
    """A day of this century."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            validators=[
                MinValueValidator(date(2000, 1, 1), _DAY),
                MaxValueValidator(date(2099, 12, 31), _DAY),
            ],
            error_messages={"invalid": _DAY},
            **values,
        )


class SeveralField(forms.MultipleChoiceField):
    """Any number of the words of a list, in the order of the list."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        """Return the chosen words."""
        chosen = super().clean(value)
        listed: Any = self.choices
        return [str(key) for key, _label in listed if key in chosen]


class MunicipalitiesField(LineField):
    """Municipalities, written with commas between them."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"max_length": 1000, "is_printed": False, **values})

    def clean(self, value: Any) -> Any:
        """Return the municipalities; capitals, accents and hyphens are forgiven."""
        typed = [each.strip() for each in re.split("[,;]", super().clean(value)) if each.strip()]
        if not typed:
            return frozenset()
        known = {search_key(each.name): each for each in all_municipalities()}
        unknown = [each for each in typed if search_key(each) not in known]
        if unknown:
            raise forms.ValidationError(
                _("We do not know these municipalities: %(names)s. Write them as they are called now."),
                params={"names": ", ".join(unknown)},
            )
        return frozenset(known[search_key(each)] for each in typed)

    def prepare_value(self, value: Any) -> Any:
        """Return the names as they are typed."""
        return value if value is None or isinstance(value, str) else names_of(value)


def names_of(municipalities: Iterable[Any]) -> str:
    """Return the names of municipalities, in Dutch order, with commas between them."""
    return ", ".join(each.name for each in sorted(municipalities, key=lambda each: each.sort_name))
