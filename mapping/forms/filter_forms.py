"""The filter of the organisations of a region."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.streams import Stream
from regions.models import Municipality


class FilterForm(forms.Form):
    """Which organisations of a region to list."""

    stroom = forms.ChoiceField(
        label=_("Stream"), required=False, choices=[("", _("All streams")), *Stream.choices]
    )
    gemeente = forms.ChoiceField(label=_("Municipality"), required=False)

    def __init__(self, *args: Any, municipalities: Iterable[Municipality], **values: Any) -> None:
        super().__init__(*args, **values)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_method = "get"
        field = self.fields["gemeente"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("All municipalities")),
            *((each.code, each.name) for each in municipalities),
        ]

    def chosen(self) -> tuple[str, str]:
        """Return stream and municipality; an invalid choice is no filter."""
        self.is_valid()
        return self.cleaned_data.get("stroom", ""), self.cleaned_data.get("gemeente", "")
