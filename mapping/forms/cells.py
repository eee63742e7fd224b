"""One cell of the grid, read as the form of an organisation reads that field."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mapping.domain.cells import OF_REGION, PUBLIC, SHARED, UNKNOWN
from mapping.forms.fields import SeveralField
from mapping.forms.organisations import OrganisationForm

_YES, _NO = "yes", "no"
_PUBLIC_FIELD = forms.ChoiceField(
    label=_("Public"), choices=[(_YES, _("public")), (_NO, _("not public"))], required=True
)


class CellForm(forms.Form):
    """Which cell is meant, and which version of its row the person saw."""

    field = forms.ChoiceField(choices=[(each, each) for each in (*SHARED, *OF_REGION, PUBLIC)])
    seen_version = forms.IntegerField(min_value=0)


class NewRowForm(forms.Form):
    """The name of a row that is added."""

    name = OrganisationForm.base_fields["name"]


def read_cell(name: str, typed: Sequence[str]) -> Any:
    """Return what was typed in a cell, as the domain knows it. Raises ``ValidationError``."""
    if name == PUBLIC:
        return _PUBLIC_FIELD.clean(typed[0] if typed else "") == _YES
    field = OrganisationForm.base_fields[name]
    if isinstance(field, SeveralField):
        return field.clean(list(filter(None, typed)))
    return field.clean(typed[0] if typed else "")


def read_shown(name: str, shown: Sequence[str]) -> Any:
    """Return what a cell showed when it was changed, or ``UNKNOWN`` where that cannot be read."""
    if not shown:
        return UNKNOWN
    try:
        return read_cell(name, shown)
    except ValidationError:
        return UNKNOWN
