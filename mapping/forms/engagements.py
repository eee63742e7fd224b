"""The form of a cell of the matrix: in which forms somebody takes part in a question."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import PlainTextField
from hubportal.versions.forms import VersionedForm
from mapping.domain.involvement import Part
from mapping.enums import ParticipationForm
from mapping.forms.fields import DayField

_LABELS = {"since_on": _("Since"), "until_on": _("Until"), "how_it_went": _("How did it go?")}


class InvolvementForm(VersionedForm):
    """Which forms there are, and of each since and until when, and how it went."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for form in ParticipationForm:
            self.fields[form.value] = forms.BooleanField(label=form.label.capitalize(), required=False)
            self.fields[f"{form}_since_on"] = DayField(label=_LABELS["since_on"], required=False)
            self.fields[f"{form}_until_on"] = DayField(label=_LABELS["until_on"], required=False)
            self.fields[f"{form}_how_it_went"] = self.story_field(label=_LABELS["how_it_went"])
        if not self.is_bound:
            # Whoever comes by arrow keys chooses at once: space, and Enter.
            self.fields[ParticipationForm.values[0]].widget.attrs["autofocus"] = True

    def story_field(self, *, label: Any) -> PlainTextField:
        """Return the field in which is told how it went."""
        return PlainTextField(
            label=label, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what is told of a form that is not chosen: otherwise it would be lost."""
        values = dict(self.cleaned_data)
        for form in ParticipationForm:
            if not values.get(form.value) and any(values.get(f"{form}_{name}") for name in _LABELS):
                self.add_error(
                    form.value, _("Choose this form of participation, or empty what is written below it.")
                )
        return values

    def label_of(self, name: str) -> str:
        """Return the label of a field with the form of participation that it tells of."""
        form, _separator, rest = name.partition("_")
        chosen = super().label_of(form) if form in ParticipationForm.values else ""
        return f"{chosen}: {super().label_of(name)}" if rest and chosen else super().label_of(name)

    def parts(self) -> dict[str, Part]:
        """Return the chosen forms with what was typed of each, for the domain."""
        return {
            form.value: Part(**{name: self.typed[f"{form}_{name}"] for name in _LABELS})
            for form in ParticipationForm
            if self.typed[form.value]
        }

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Return of each form of participation the field that chooses it, and the fields that tell of it."""
        return [
            (self[form.value], [self[f"{form}_{name}"] for name in _LABELS]) for form in ParticipationForm
        ]


def content_of(parts: Mapping[str, Part]) -> dict[str, Any]:
    """Return what is kept of each form, as the form shows it."""
    shown: dict[str, Any] = {}
    for form in ParticipationForm:
        part = parts.get(form.value, Part())
        shown |= {form.value: form.value in parts}
        shown |= {f"{form}_{name}": getattr(part, name) for name in _LABELS}
    return shown
