"""The table of budget lines as forms."""

from collections.abc import Sequence
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.domain.budget import PlannedLine
from applications.models import Application, BudgetLine
from calls.models import BudgetHeading
from coalitions.models import Participation
from hubportal.forms import LineField, MoneyField, with_value
from hubportal.versions.forms import VersionedFormSet, VersionForm

EMPTY_LINES = 3
# More than the domain allows, so that its own refusal is shown.
_MAX_ROWS = 350


class BudgetLineForm(forms.Form):
    """One line: under which heading, whose share, for what, how much."""

    heading = forms.ChoiceField(label=_("Heading"), error_messages={"required": _("Choose a heading.")})
    participation = forms.ChoiceField(
        label=_("Organisation"), error_messages={"required": _("Choose an organisation.")}
    )
    description = LineField(
        label=_("What it is for"), max_length=200, error_messages={"required": _("Enter what this is for.")}
    )
    amount = MoneyField(label=_("Amount"), error_messages={"required": _("Enter an amount.")})

    def __init__(
        self, *args: Any, headings: Sequence[BudgetHeading], members: Sequence[Participation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._headings = {str(each.pk): each for each in headings}
        self._members = {str(each.pk): each for each in members}
        # Choices instead of querysets: a table of sixty lines asks the database once.
        _offer(self.fields["heading"], {key: each.title for key, each in self._headings.items()})
        _offer(self.fields["participation"], {key: each.stated_name for key, each in self._members.items()})

    def clean_amount(self) -> Any:
        """Refuse amounts of zero or less."""
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError(_("Enter an amount above zero."))
        return amount

    def planned(self) -> PlannedLine:
        """Return the line for the domain."""
        values = self.cleaned_data
        return PlannedLine(
            heading=self._headings[values["heading"]],
            participation=self._members[values["participation"]],
            description=values["description"],
            amount=values["amount"],
        )


def _offer(field: forms.Field, choices: dict[str, str]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _("Choose")), *choices.items()]


class BudgetFormSet(VersionedFormSet):
    """The lines of a budget; empty lines and lines ticked for removal are left out."""

    form = BudgetLineForm
    columns = ("heading", "participation", "description", "amount")
    renderer = forms.renderers.get_default_renderer()
    extra = EMPTY_LINES
    can_delete = True
    can_delete_extra = True
    can_order = False
    min_num = 0
    max_num = absolute_max = _MAX_ROWS
    validate_min = validate_max = False

    @classmethod
    def of(cls, application: Application, lines: Sequence[BudgetLine], **choices: Any) -> Self:
        """Return the form of the lines that are kept."""
        formset = cls(initial=cls.kept(lines), prefix="lines", form_kwargs=choices)
        formset.version_form = VersionForm(initial={"seen_version": application.budget_version})
        return formset

    @classmethod
    def typed(cls, data: Any, **choices: Any) -> Self:
        """Return the form with what was typed."""
        formset = cls(data, prefix="lines", form_kwargs=choices)
        formset.version_form = VersionForm(data)
        return formset

    @staticmethod
    def kept(lines: Sequence[BudgetLine]) -> list[dict[str, Any]]:
        """Return the lines that are kept as the form shows them."""
        return [
            {
                "heading": each.heading_id,
                "participation": each.participation_id,
                "description": each.description,
                "amount": each.amount,
            }
            for each in lines
        ]

    def initial_form_count(self) -> int:
        """Return no initial rows for a typed form, so that each row is validated on its own."""
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: BudgetLineForm, index: int | None) -> None:
        """Label the checkbox that removes a line."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def with_more_lines(self) -> Self:
        """Return the form as it was typed, with more empty lines."""
        rows = min(self.total_form_count() + EMPTY_LINES, _MAX_ROWS)
        return self.typed(with_value(self.data, "lines-TOTAL_FORMS", str(rows)), **self.form_kwargs)

    def planned(self) -> list[PlannedLine]:
        """Return the lines that were typed."""
        return [
            form.planned()
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE", False)
        ]
