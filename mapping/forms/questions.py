"""Forms of participation questions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import LineField, PlainTextField
from hubportal.kernel.errors import RuleViolation
from hubportal.versions.comparing import Difference, differing_rows, in_words
from hubportal.versions.forms import VersionedForm
from mapping.domain.questions import QuestionFacts, more_of
from mapping.enums import LessHeard, ParticipationForm, Plan, QuestionPhase, QuestionState, QuestionTheme
from mapping.forms.fields import DayField, SeveralField
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
    theme = forms.ChoiceField(
        label=_("Theme"), choices=[("", _("Not known yet")), *QuestionTheme.choices], required=False
    )
    plans = SeveralField(label=_("Accords and plans it belongs to"), choices=Plan.choices, required=False)
    phase = forms.ChoiceField(
        label=_("How far is the work?"),
        choices=[("", _("Not known yet")), *QuestionPhase.choices],
        required=False,
    )
    asked_by = LineField(
        label=_("Who asks?"),
        max_length=150,
        required=False,
        is_printed=False,
        help_text=_("An organisation or a consultation, not the name of a person."),
    )
    target_groups = LineField(label=_("Whom is it about?"), max_length=300, required=False, is_printed=False)
    less_heard = SeveralField(
        label=_("Whose voices are heard less here?"), choices=LessHeard.choices, required=False
    )
    until_on = DayField(label=_("Until when can people have a say?"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=QuestionState.choices)
    how_to_join = PlainTextField(
        label=_("How can people take part?"),
        required=False,
        max_length=1000,
        help_text=_(
            "Visitors read this once the question is public. Name no people who did not agree to it."
        ),
    )
    is_public = forms.BooleanField(
        label=_("Everybody may see this question"),
        required=False,
        help_text=_(
            "While it is open, visitors see on the page of the region: the question, its theme, place, last day and how to take part. In the public picture they see how many public organisations take part, and in which form, where those are not few. Coalitions can take it up, and also see whose voices are heard less. Nobody of them sees who is involved, or anything else on this page."
        ),
    )

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
        more = {each.name: values[each.name] for each in fields(QuestionFacts)}
        return {
            "title": values["title"],
            "description": values["description"],
            "municipality": self._municipalities.get(values["municipality"]),
            "more": QuestionFacts(**more),
        }


def question_facts(question: ParticipationQuestion) -> dict[str, Any]:
    """Return what is known of a question, as the form shows it."""
    return {
        "title": question.title,
        "description": question.description,
        "municipality": question.municipality.code if question.municipality else "",
        **asdict(more_of(question)),
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
        """Refuse an organisation that is named twice in one form."""
        seen = set()
        for row in self.forms:
            values = row.cleaned_data if hasattr(row, "cleaned_data") else {}
            named = (values.get("organisation"), values.get("form"))
            if all(named) and named in seen:
                row.add_error(
                    "organisation",
                    _(
                        "This organisation is already in the list in this form. Choose another form, or empty this row."
                    ),
                )
            seen.add(named)


def involved(
    rows: Iterable[forms.Form], organisations: Mapping[str, Organisation]
) -> dict[Organisation, list[str]]:
    """Return who is involved in which forms, of rows that are valid."""
    found: dict[Organisation, list[str]] = {}
    for row in (each.cleaned_data for each in rows if each.cleaned_data.get("organisation")):
        found.setdefault(organisations[row["organisation"]], []).append(row["form"])
    return found


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

    @property
    def together(self) -> int | None:
        """Return the newer version of which the texts are asked in one with what was typed, if any."""
        return self._form.together

    def texts_to_merge(self, kept: tuple[dict[str, Any], list[dict[str, Any]]]) -> dict[str, str]:
        """Return the texts of the question that can stand in one with those kept."""
        return self._form.texts_to_merge(kept[0])

    def put_together(self, kept: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
        """Put what is kept of them with what was typed; the rows stay as they were typed."""
        self._form.put_together(kept[0])

    def remarks(self) -> list[str]:
        """Return what is said of texts that are kept all the same."""
        return self._form.remarks()

    def show_version(self, version: int) -> None:
        """Mark a version as seen for the next attempt."""
        self._form.show_version(version)

    def left_out(self) -> list[str]:
        """Return nothing: question and rows are saved as one."""
        return self._form.left_out()

    def sentences(self) -> list[str]:
        """Return what is wrong with the question itself."""
        return self._form.sentences()

    def _in_words(self, row: dict[str, Any]) -> str:
        fields = self._rows.empty_form.fields
        return " · ".join(in_words(fields[name], row[name]) for name in ("organisation", "form"))
