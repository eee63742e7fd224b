"""The table of budget lines as forms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.domain.budget import (
    MOST_OF_A_LINE,
    PlannedLine,
    UnreadLine,
    product_of,
    too_many_lines,
)
from applications.forms.hours import HoursField
from applications.models import Application, BudgetLine
from calls.models import BudgetHeading
from coalitions.models import Participation
from hubportal.forms import LineField, MoneyField, with_value
from hubportal.kernel.money import euros, plain_hours
from hubportal.versions.forms import VersionedFormSet, VersionForm

EMPTY_LINES = 3
# More than the domain allows, so that its own refusal is shown.
_MAX_ROWS = 350
COLUMNS = ("heading", "participation", "description", "hours", "rate", "amount")


def hours_in_words(hours: Decimal, rate: Decimal) -> str:
    """Return hours and their rate as a person reads them."""
    return _("%(hours)s hours at %(rate)s") % {"hours": plain_hours(hours), "rate": euros(rate)}


class BudgetLineForm(forms.Form):
    """One line: under which heading, whose share, for what, how much or how many hours at which rate."""

    heading = forms.ChoiceField(
        label=_("Heading"),
        error_messages={
            "required": _("Choose a heading."),
            "invalid_choice": _("The call has no such heading. Choose another."),
        },
    )
    participation = forms.ChoiceField(
        label=_("Organisation"),
        error_messages={
            "required": _("Choose an organisation."),
            "invalid_choice": _("This organisation is no longer in the coalition. Choose another."),
        },
    )
    description = LineField(
        label=_("What it is for"), max_length=200, error_messages={"required": _("Enter what this is for.")}
    )
    hours = HoursField(label=_("Hours"), required=False)
    rate = MoneyField(label=_("Rate per hour"), required=False)
    amount = MoneyField(label=_("Amount"), required=False)
    # The row, whatever is typed in it; see ``BudgetFormSet.typed``.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, headings: Sequence[BudgetHeading], members: Sequence[Participation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._headings = {str(each.pk): each for each in headings}
        self._members = {str(each.pk): each for each in members}
        # Choices instead of querysets: a table of sixty lines asks the database once.
        _offer(self.fields["heading"], {key: each.title for key, each in self._headings.items()})
        _offer(self.fields["participation"], {key: each.stated_name for key, each in self._members.items()})

    @property
    def product(self) -> Decimal | None:
        """Return what hours at their rate come to, if it is a line of hours."""
        if not self.is_bound:
            return self.initial.get("product")
        self.is_valid()
        hours, rate = (self.cleaned_data.get(name) for name in ("hours", "rate"))
        return None if hours is None or rate is None else product_of(hours, rate)

    @property
    def whose(self) -> str:
        """Return whose share a line is and what it is for, as its label names it; a contribution's source stands in the latter."""
        member = self._members.get(str(self["participation"].value() or ""))
        parts = (member.stated_name if member else "", str(self["description"].value() or "").strip())
        return ", ".join(filter(None, parts))

    def has_changed(self) -> bool:
        """Tell whether anything was typed in the row."""
        return any(name in COLUMNS for name in self.changed_data)

    @property
    def is_filled(self) -> bool:
        """Tell whether the row is one to be saved: something was typed, and it is not ticked to go."""
        return self.has_changed() and not self.cleaned_data.get("DELETE", False)

    def clean_rate(self) -> Any:
        """Refuse rates of zero."""
        rate = self.cleaned_data["rate"]
        if rate is not None and rate <= 0:
            raise forms.ValidationError(_("Enter an amount above zero."))
        return rate

    def clean_amount(self) -> Any:
        """Refuse amounts of zero, and those that no budget holds."""
        amount = self.cleaned_data["amount"]
        if amount is not None:
            _check_amount(amount)
        return amount

    def clean(self) -> dict[str, Any]:
        """Compute the amount of hours at a rate, and refuse half of the two, or another amount beside them."""
        values = self.cleaned_data
        if not {"hours", "rate", "amount"} <= values.keys():
            return values
        hours, rate, amount = values["hours"], values["rate"], values["amount"]
        if hours is not None and rate is not None:
            self._compute(hours, rate, amount)
        elif hours is not None:
            self.add_error("rate", _("Enter the rate too, or leave the hours empty."))
        elif rate is not None:
            self.add_error("hours", _("Enter the hours too, or leave the rate empty."))
        elif amount is None:
            self.add_error("amount", _("Enter an amount, or hours and a rate."))
        return values

    def _compute(self, hours: Decimal, rate: Decimal, amount: Decimal | None) -> None:
        product = product_of(hours, rate)
        if amount not in {None, product}:
            told = {"hours": hours_in_words(hours, rate), "product": euros(product)}
            self.add_error(
                "amount",
                _("%(hours)s is %(product)s. Empty the amount, or the hours and the rate.") % told,
            )
            return
        try:
            _check_amount(product)
        except forms.ValidationError as refusal:
            self.add_error("amount", refusal)
            return
        self.cleaned_data["amount"] = product

    def planned(self) -> PlannedLine | UnreadLine:
        """Return the line for the domain; of one that cannot be read its row alone."""
        values = self.cleaned_data
        if self.errors:
            return UnreadLine(values["key"])
        line = {name: values[name] for name in ("description", "hours", "rate", "amount", "key")}
        return PlannedLine(
            heading=self._headings[values["heading"]],
            participation=self._members[values["participation"]],
            **line,
        )


def _check_amount(amount: Decimal) -> None:
    if amount <= 0:
        raise forms.ValidationError(_("Enter an amount above zero."))
    if amount > MOST_OF_A_LINE:
        raise forms.ValidationError(_("This amount is too large."))


def _offer(field: forms.Field, choices: dict[str, str]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _("Choose")), *choices.items()]


class BudgetFormSet(VersionedFormSet):
    """The lines of a budget; empty lines and lines ticked for removal are left out.

    A line that cannot be read keeps no other from being saved: it stays as it was typed, with what is wrong with it.
    """

    form = BudgetLineForm
    columns = COLUMNS
    renderer = forms.renderers.get_default_renderer()
    extra = EMPTY_LINES
    can_delete = True
    can_delete_extra = True
    can_order = False
    min_num = 0
    max_num = absolute_max = _MAX_ROWS
    validate_min = validate_max = False
    # Of the call.
    most = _MAX_ROWS

    @classmethod
    def of(cls, application: Application, lines: Sequence[BudgetLine], **choices: Any) -> Self:
        """Return the form of the lines that are kept."""
        formset = cls(initial=[_shown(each) for each in cls.kept(lines)], prefix="lines", form_kwargs=choices)
        formset.version_form = VersionForm(initial={"seen_version": application.budget_version})
        formset.most = application.call.max_budget_lines
        return formset

    @classmethod
    def typed(cls, application: Application, data: Any, **choices: Any) -> Self:
        """Return the form with what was typed; each row in which something was typed has a key of its own."""
        formset = cls(_with_keys(data), prefix="lines", form_kwargs=choices)
        formset.version_form = VersionForm(data)
        formset.most = application.call.max_budget_lines
        return formset

    @staticmethod
    def kept(lines: Sequence[BudgetLine]) -> list[dict[str, Any]]:
        """Return the lines that are kept by the columns of the form."""
        return [
            {
                "heading": each.heading_id,
                "participation": each.participation_id,
                "description": each.description,
                "hours": each.hours,
                "rate": each.rate,
                "amount": each.amount,
                "key": each.key,
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

    def clean(self) -> None:
        """Refuse the lines after the last that the call allows, each by itself."""
        for form in [each for each in self.forms if each.is_filled][self.most :]:
            form.add_error("description", too_many_lines(self.most))

    def with_more_lines(self, application: Application) -> Self:
        """Return the form as it was typed, with more empty lines."""
        rows = min(self.total_form_count() + EMPTY_LINES, _MAX_ROWS)
        data = with_value(self.data, "lines-TOTAL_FORMS", str(rows))
        return self.typed(application, data, **self.form_kwargs)

    def planned(self) -> list[PlannedLine | UnreadLine]:
        """Return the lines that were typed."""
        return [form.planned() for form in self.forms if form.is_filled]

    def in_words(self, row: Mapping[str, Any]) -> str:
        """Return a line as a person reads it: hours and rate in one, where it has them."""
        hours, rate = row["hours"], row["rate"]
        told = hours_in_words(hours, rate) if hours is not None and rate is not None else ""
        parts = self.cells_in_words(row, ("heading", "participation", "description"))
        return " · ".join(filter(None, [*parts, told, *self.cells_in_words(row, ("amount",))]))


def _shown(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a kept line as the form shows it: the amount of hours at a rate is told, and no box to be filled in."""
    if kept["hours"] is None:
        return kept
    return {**kept, "amount": None, "product": kept["amount"]}


def _with_keys(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed, with another key in each row that has none or that of a row before it."""
    typed = {name: data[name] for name in data}
    known: set[UUID] = set()
    for row in range(_MAX_ROWS):
        if any(typed.get(f"lines-{row}-{name}") for name in COLUMNS):
            key = _key(typed.get(f"lines-{row}-key"))
            if key is None or key in known:
                key = uuid4()
            known.add(key)
            typed[f"lines-{row}-key"] = str(key)
    return typed


def _key(typed: Any) -> UUID | None:
    try:
        return UUID(str(typed))
    except ValueError:
        return None
