"""Choosing to which organisation another one is tied, and how."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mapping.enums import TieKind
from organisations.models import Organisation


class TieForm(forms.Form):
    """To whom, and how."""

    kind = forms.ChoiceField(label=_("How are they tied?"), choices=[("", _("Choose")), *TieKind.choices])
    other = forms.ChoiceField(label=_("To which organisation?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, others: Iterable[Organisation], **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        self._others = {str(each.map_key): each for each in others}
        field.choices = [(key, each.name) for key, each in self._others.items()]

    @property
    def chosen(self) -> Organisation:
        """Return the chosen one, of a form that is valid."""
        return self._others[self.cleaned_data["other"]]
