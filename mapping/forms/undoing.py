"""Which act on a row of the grid is undone."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mapping.domain.restoring import RESTORED, Restored
from mapping.enums import ActOnRow
from mapping.forms.cells import read_cell
from regions.queries import all_municipalities


class Posted(Protocol):
    """What was sent."""

    def getlist(self, name: str, /) -> Sequence[Any]:
        """Return all values of a name."""


class UndoForm(forms.Form):
    """What was done with a row, when, by which merge, and which version of the row the person sees now."""

    kind = forms.ChoiceField(
        choices=[(each, each) for each in (ActOnRow.CAME, ActOnRow.WENT, ActOnRow.MERGED, ActOnRow.CHANGED)]
    )
    at = forms.DateTimeField()
    merge = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    seen_version = forms.IntegerField(min_value=0, required=False)


def read_restored(posted: Posted) -> Mapping[str, Restored]:
    """Return the fields that are to stand again as they did, with what was saved over them. Raises ``ValidationError``."""
    names = dict.fromkeys(posted.getlist("field"))
    if not names or not names.keys() <= set(RESTORED):
        raise ValidationError(_("There is no such cell."))
    return {
        name: Restored(
            _read(name, posted.getlist(f"value-{name}")), _read(name, posted.getlist(f"was-{name}"))
        )
        for name in names
    }


def _read(name: str, typed: Sequence[str]) -> Any:
    if name != "municipality":
        return read_cell(name, typed)
    code = typed[0] if typed else ""
    found = all_municipalities().filter(code=code).first() if code else None
    if code and found is None:
        raise ValidationError(_("There is no such cell."))
    return found
