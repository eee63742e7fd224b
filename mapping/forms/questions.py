"""Forms of participation questions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import LineField, PlainTextField
from hubportal.kernel.errors import RuleViolation
from hubportal.versions.comparing import Difference, differing_rows, in_words
from hubportal.versions.forms import VersionedForm
from mapping.enums import ParticipationForm
from mapping.models import ParticipationQuestion
from organisations.models import Organisation
from regions.models import Region

# Empty rows below those that are filled in.
EMPTY_ROWS = 4
MAX_ROWS = 100


class QuestionForm(VersionedForm):
    """A question in which people should have a say."""

    title = LineField(
        label=_("The question"),
        is_printed=False,
        max_length=200,
        help_text=_("For example: how do young people get mental health care close to home?"),
    )
    description = PlainTextField(label=_("Explanation"), required=False, max_length=3000)
    municipality = forms.ChoiceField(label=_("Where does this apply?"), required=False)

    def __init__(self, *args: Any, region: Region, is_new: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        # What is new has no version yet.
        self.fields["seen_version"].required = not is_new
        self._municipalities = {each.code: each for each in region.municipalities.all()}
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("In the whole region")),
            *((each.code, each.name) for each in self._municipalities.values()),
        ]

    def facts(self) -> dict[str, Any]:
        """Return the typed values for the domain."""
        values = self.typed
        return {**values, "municipality": self._municipalities.get(values["municipality"])}


def question_facts(question: ParticipationQuestion) -> dict[str, Any]:
    """Return what is known of a question, as the form shows it."""
    return {
        "title": question.title,
        "description": question.description,
        "municipality": question.municipality.code if question.municipality else "",
    }


def involved_in(question: ParticipationQuestion) -> list[dict[str, Any]]:
    """Return who is involved in a question, as the rows show it."""
    return [
        {"organisation": str(each.organisation.map_key), "form": each.form}
        for each in question.engagements.all()
    ]


class EngagementForm(forms.Form):
    """How one organisation is involved."""

    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    form = forms.ChoiceField(
        label=_("Form of participation"),
        required=False,
        choices=[("", _("Choose")), *ParticipationForm.choices],
    )

    def __init__(self, *args: Any, organisations: Mapping[str, Organisation], **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *((key, each.name) for key, each in organisations.items())]

    def clean(self) -> dict[str, Any]:
        """Ask for both or neither."""
        values = dict(self.cleaned_data)
        if values.get("organisation") and "form" in values and not values["form"]:
            self.add_error("form", _("Choose how this organisation is involved."))
        if values.get("form") and "organisation" in values and not values["organisation"]:
            self.add_error("organisation", _("Choose which organisation this is about."))
        return values


class _EngagementRows(forms.BaseFormSet):
    def clean(self) -> None:
        """Refuse an organisation that is named twice."""
        seen = set()
        for row in self.forms:
            named = row.cleaned_data.get("organisation") if hasattr(row, "cleaned_data") else None
            if named and named in seen:
                row.add_error("organisation", _("This organisation is already in the list."))
            seen.add(named)


def involved(
    rows: Iterable[forms.Form], organisations: Mapping[str, Organisation]
) -> dict[Organisation, str]:
    """Return who is involved how, of rows that are valid."""
    filled = (row.cleaned_data for row in rows if row.cleaned_data.get("organisation"))
    return {organisations[row["organisation"]]: row["form"] for row in filled}


EngagementRows = forms.formset_factory(
    EngagementForm,
    formset=_EngagementRows,
    extra=EMPTY_ROWS,
    max_num=MAX_ROWS,
    absolute_max=MAX_ROWS,
    validate_max=True,
)


class WholeQuestion:
    """A question and the rows of who is involved in it, which are saved together with one version."""

    def __init__(self, form: QuestionForm, rows: Any) -> None:
        self._form = form
        self._rows = rows

    def is_valid(self) -> bool:
        """Tell whether all that was typed can be read."""
        # Both, so that each says what is wrong with it.
        return bool(self._form.is_valid() & self._rows.is_valid())

    def refuse(self, refusal: RuleViolation) -> None:
        """Put a refusal at its field, else above the form; what was typed stays."""
        self._form.refuse(refusal)

    def differences(self, kept: tuple[dict[str, Any], list[dict[str, Any]]]) -> list[Difference]:
        """Return where what was typed differs from what is kept now."""
        facts, rows = kept
        typed = [each.cleaned_data for each in self._rows if each.cleaned_data.get("organisation")]
        both = (sorted(self._in_words(row) for row in each) for each in (rows, typed))
        return [*self._form.differences(facts), *differing_rows(*both)]

    def remarks(self) -> list[str]:
        """Return what is said of texts that are kept all the same."""
        return self._form.remarks()

    def sentences(self) -> list[str]:
        """Return what is wrong with the question itself."""
        return self._form.sentences()

    def _in_words(self, row: dict[str, Any]) -> str:
        fields = self._rows.empty_form.fields
        return " · ".join(in_words(fields[name], row[name]) for name in ("organisation", "form"))
