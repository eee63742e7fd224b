"""Forms that know which version the person saw."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.safestring import SafeString

from hubportal.forms import PlainTextField, add_violation, with_value
from hubportal.kernel.errors import RuleViolation
from hubportal.versions.comparing import Difference, both_in_one, differing_rows, in_words


class OfButton(forms.HiddenInput):
    """A value that a button alone sends: an empty field of the same name after it would take its place."""

    def render(self, *_args: Any, **_values: Any) -> SafeString:
        """Return nothing, however a page writes its form."""
        return SafeString("")


class VersionForm(forms.Form):
    """The optimistic version that the person saw, and the newer one they chose to overwrite (rule 12)."""

    seen_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # Sent by one button alone, below both versions: no other way of sending the form overwrites anything.
    over_version = forms.IntegerField(min_value=0, required=False, widget=OfButton)
    # The newer version that is to be put beside what was typed, in one text that is not saved yet.
    together_with = forms.IntegerField(min_value=0, required=False, widget=OfButton)

    def show_version(self, version: int) -> None:
        """Mark this version as seen for the next attempt; keep what was typed."""
        self.data = with_value(self.data, self.add_prefix("seen_version"), str(version))

    @property
    def seen(self) -> int:
        """Return the version that may be saved over; 0, which is none, when it was not sent."""
        over = self.cleaned_data.get("over_version")
        return (self.cleaned_data.get("seen_version") or 0) if over is None else over

    @property
    def is_over(self) -> bool:
        """Tell whether a newer version is overwritten on purpose."""
        return self.cleaned_data.get("over_version") is not None

    @property
    def together(self) -> int | None:
        """Return the newer version of which the texts are asked in one with what was typed, if any."""
        found: int | None = self.cleaned_data.get("together_with")
        return found


_VERSIONS = frozenset(VersionForm.base_fields)


class VersionedForm(VersionForm):
    """A form with an optimistic version (rule 12)."""

    @property
    def typed(self) -> dict[str, Any]:
        """Return what was typed, by field."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _VERSIONS}

    @classmethod
    def names(cls) -> list[str]:
        """Return the fields that the class declares, without the versions."""
        return [name for name in cls.base_fields if name not in _VERSIONS]

    def label_of(self, name: str) -> str:
        """Return the full label of a field."""
        return str(self.fields[name].label)

    def refuse(self, refusal: RuleViolation) -> None:
        """Put a refusal at its field, else above the form; what was typed stays."""
        add_violation(self, refusal)

    def differences(self, kept: Mapping[str, Any]) -> list[Difference]:
        """Return where what was typed differs from what is kept now."""
        typed = self.typed
        return [
            Difference(
                self.label_of(name),
                in_words(self.fields[name], value),
                in_words(self.fields[name], typed[name]),
            )
            for name, value in kept.items()
            if value != typed[name]
        ]

    def texts_to_merge(self, kept: Mapping[str, Any]) -> dict[str, str]:
        """Return the texts of several lines that were typed otherwise than they are kept, each with both in it."""
        typed = self.typed
        return {
            name: both_in_one(value, typed[name])
            for name, value in kept.items()
            if isinstance(self.fields[name], PlainTextField)
            and value
            and typed[name]
            and value != typed[name]
        }

    def put_together(self, kept: Mapping[str, Any]) -> None:
        """Put what is kept of texts with what was typed, for a page that shows it and has saved nothing."""
        for name, text in self.texts_to_merge(kept).items():
            self.data = with_value(self.data, self.add_prefix(name), text)

    def remarks(self) -> list[str]:
        """Return what is said of texts that are kept all the same, each once."""
        texts = [
            field.remark(self.cleaned_data.get(name))
            for name, field in self.fields.items()
            if isinstance(field, PlainTextField)
        ]
        return list(dict.fromkeys(filter(None, texts)))

    def left_out(self) -> list[str]:
        """Return nothing: a form is saved as a whole."""
        return []

    def sentences(self) -> list[str]:
        """Return what is wrong, each with its field."""
        return [
            f"{self.label_of(name)}: {each}" if name in self.fields else str(each)
            for name, errors in self.errors.items()
            for each in errors
        ]


class VersionedFormSet(forms.BaseFormSet):
    """The rows of a table with an optimistic version (rule 12).

    Its forms tell by ``is_filled`` whether they are rows to be saved. A row that cannot be read keeps no other from being
    saved.
    """

    # Without the box that removes a row.
    columns: ClassVar[Sequence[str]]
    version_form: VersionForm
    # Of rows, one or the other is chosen.
    together = None

    @property
    def seen(self) -> int:
        """Return the version that may be saved over; 0, which is none, when it was not sent."""
        self.version_form.is_valid()
        return self.version_form.seen

    @property
    def is_over(self) -> bool:
        """Tell whether a newer version is overwritten on purpose."""
        self.version_form.is_valid()
        return self.version_form.is_over

    def is_valid(self) -> bool:
        """Tell whether the table can be read, or at least a row of it: see ``left_out`` for the others."""
        if not self.is_bound or self.non_form_errors():
            return False
        filled = [form for form in self.forms if form.is_filled]
        return not filled or any(not form.errors for form in filled)

    def show_version(self, version: int) -> None:
        """Mark this version as seen for the next attempt; keep what was typed."""
        self.version_form.show_version(version)

    def refuse(self, refusal: RuleViolation) -> None:
        """Put a refusal above the table; what was typed stays."""
        self.non_form_errors().append(str(refusal))

    def differences(self, kept: Sequence[Mapping[str, Any]]) -> list[Difference]:
        """Return where the rows that were typed differ from those that are kept now."""
        typed = [self._typed_in_words(form) for form in self.forms if form.is_filled]
        return list(differing_rows([self.in_words(row) for row in kept], typed))

    def texts_to_merge(self, _kept: Any) -> dict[str, str]:
        """Return nothing: rows are not merged."""
        return {}

    def put_together(self, _kept: Any) -> None:
        """Do nothing: rows are not merged."""

    def remarks(self) -> list[str]:
        """Return nothing: the lines of a table are refused where something is to be said of them."""
        return []

    def left_out(self) -> list[str]:
        """Return what is wrong with rows, each with its number and field; the other rows are saved."""
        return [
            f"{number}. {form.fields[name].label}: {each}"
            for number, form in enumerate(self.forms, start=1)
            if form.is_filled
            for name, errors in form.errors.items()
            for each in errors
        ]

    def sentences(self) -> list[str]:
        """Return what is wrong, each with its row and field."""
        return [*(str(each) for each in self.non_form_errors()), *self.left_out()]

    def in_words(self, row: Mapping[str, Any]) -> str:
        """Return a row as a person reads it."""
        return " · ".join(self.cells_in_words(row, self.columns))

    def cells_in_words(self, row: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
        """Return some cells of a row as a person reads them."""
        fields = self.empty_form.fields
        return [in_words(fields[name], row[name]) for name in columns]

    def _typed_in_words(self, form: forms.Form) -> str:
        if not form.errors:
            return self.in_words(form.cleaned_data)
        return " · ".join(filter(None, (str(form[name].value() or "") for name in self.columns)))
