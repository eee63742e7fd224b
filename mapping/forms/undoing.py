"""Which act on a row of the grid is undone."""

from django import forms

from mapping.enums import ActOnRow


class UndoForm(forms.Form):
    """What was done with a row, when, and by which merge."""

    kind = forms.ChoiceField(
        choices=[(each, each) for each in (ActOnRow.CAME, ActOnRow.WENT, ActOnRow.MERGED)]
    )
    at = forms.DateTimeField()
    merge = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
