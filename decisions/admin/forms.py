"""Forms of officers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.enums import Outcome
from calls.models import RejectionGround
from decisions.domain.bank_accounts import LONGEST_REASON
from decisions.domain.budget_lines import TypedLine, accepted_field, reason_field
from decisions.domain.drafts import DecisionAsTyped
from hubportal.forms import MoneyField, NameField, PlainTextField, ShownForm
from hubportal.versions.forms import VersionedForm
from letters.domain.correcting import CorrectionAsTyped


class DecisionForm(VersionedForm):
    """The decision on an application, complete or not."""

    sometimes_required: ClassVar = {"outcome", "amount", "ground", "reasons", "deviation"}

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Outcome.GRANTED, _("Grant the application")),
            (Outcome.REJECTED, _("Reject the application")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    amount = MoneyField(
        label=_("Granted amount"), help_text=_("Only for a decision to grant."), required=False
    )
    ground = forms.ModelChoiceField(
        label=_("Ground"),
        help_text=_("Only for a decision to reject."),
        queryset=RejectionGround.objects.none(),
        required=False,
    )
    reasons = PlainTextField(
        is_printed=True,
        label=_("Reasons of the decision"),
        help_text=_("They appear in the letter, in Dutch. An empty line starts a new paragraph."),
        max_length=6000,
        required=False,
    )
    deviation = PlainTextField(
        is_printed=True,
        label=_("Why you depart from the advice"),
        help_text=_(
            "Only if you decide otherwise than the committee advised, or on another amount. The letter says it, in Dutch."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        *args: Any,
        grounds: QuerySet[RejectionGround] | None = None,
        budget: Sequence[Mapping[str, Any]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.budget = budget
        for position in range(1, len(budget) + 1):
            self._add_line(position)
        if grounds is None or len(grounds) < 2:
            # There is nothing to choose.
            del self.fields["ground"]
        else:
            ground = self.fields["ground"]
            assert isinstance(ground, forms.ModelChoiceField)
            ground.queryset = grounds
            # Read already, to know how many there are.
            ground.choices = [("", ground.empty_label), *((each.pk, str(each)) for each in grounds)]

    def as_typed(self) -> DecisionAsTyped:
        """Return what was typed."""
        typed = {name: value for name, value in self.typed.items() if name in self.base_fields}
        lines = (
            TypedLine(
                position, self.typed[accepted_field(position)], self.typed[reason_field(position)].strip()
            )
            for position in range(1, len(self.budget) + 1)
        )
        filled = tuple(each for each in lines if each.accepted is not None or each.reason)
        return DecisionAsTyped(**{"ground": None, **typed, "lines": filled})

    def fields_of(self, typed: DecisionAsTyped) -> dict[str, Any]:
        """Return what was typed, by the fields of this form."""
        values = {name: value for name, value in vars(typed).items() if name in self.fields}
        for position in range(1, len(self.budget) + 1):
            values |= {accepted_field(position): None, reason_field(position): ""}
        for each in typed.lines:
            values |= {accepted_field(each.position): each.accepted, reason_field(each.position): each.reason}
        return values

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Return the visible fields of the decision itself, without those of the budget lines."""
        return [each for each in self.visible_fields() if each.name in self.base_fields]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the budget, each with its two fields."""
        return [
            {"line": line, "accepted": self[accepted_field(number)], "reason": self[reason_field(number)]}
            for number, line in enumerate(self.budget, start=1)
        ]

    @property
    def has_typed_lines(self) -> bool:
        """Tell whether something stands in a field of a line: then all of them are shown."""
        return any(each[name].value() for each in self.lines for name in ("accepted", "reason"))

    def _add_line(self, position: int) -> None:
        self.fields[accepted_field(position)] = MoneyField(
            label=_("Accepted of line %(number)s") % {"number": position}, required=False
        )
        self.fields[reason_field(position)] = PlainTextField(
            label=_("Why less of line %(number)s") % {"number": position},
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class CorrectionForm(VersionedForm):
    """The correction of a letter, complete or not: why, and what the new letter says in other words."""

    sometimes_required: ClassVar = {"explanation", "addressee", "attention", "reasons"}

    explanation = PlainTextField(
        is_printed=True,
        label=_("What is corrected"),
        help_text=_("The new letter begins with it, in Dutch. Say what was wrong and what it has to be."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    addressee = NameField(label=_("Organisation in the address"), max_length=150, required=False)
    attention = NameField(label=_("For the attention of"), max_length=150, required=False)
    reasons = PlainTextField(
        is_printed=True,
        label=_("Reasons of the decision"),
        help_text=_("As the new letter gives them. An empty line starts a new paragraph."),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def as_typed(self) -> CorrectionAsTyped:
        """Return what was typed."""
        return CorrectionAsTyped(**self.typed)


class SendAnewForm(forms.Form):
    """To which address a letter that came back goes once more, and why."""

    email = forms.ChoiceField(
        label=_("E-mail address"),
        help_text=_(
            "These are the addresses in the application, and those of the people who speak for the organisation now. Is "
            "none of them right? Ask somebody of the organisation to make an account and have it confirmed, or to change "
            "the address of their account. It is here then; whom you confirmed yourself, a colleague of yours sees here."
        ),
        widget=forms.RadioSelect,
    )
    reason = PlainTextField(
        label=_("Reason"),
        help_text=_("For example who gave you the address, and when. Only the office sees it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, addresses: Mapping[str, str], **values: Any) -> None:
        super().__init__(*args, **values)
        choices = [(email, f"{name}, {email}") for email, name in addresses.items()]
        self.fields["email"].choices = choices  # type: ignore[attr-defined]


class SendByPostForm(forms.Form):
    """Why a letter that came back goes on paper."""

    reason = PlainTextField(
        label=_("Reason"),
        help_text=_("For example that the e-mail keeps coming back. Only the office sees it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReturnedCopyForm(forms.Form):
    """To which address a copy that came back goes, or that it is put aside, and why."""

    ASIDE = "-"

    email = forms.ChoiceField(
        label=_("What should happen to this copy?"),
        help_text=_(
            "These are the address that was used until now, and those of the people who speak for this partner. Whom you "
            "confirmed yourself, a colleague of yours sees here."
        ),
        widget=forms.RadioSelect,
    )
    reason = PlainTextField(
        label=_("Reason"),
        help_text=_("For example who gave you the address, and when. Only the office sees it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, addresses: Mapping[str, str], **values: Any) -> None:
        super().__init__(*args, **values)
        choices = [(email, f"{name}, {email}") for email, name in addresses.items()]
        choices.append((self.ASIDE, str(_("Do not send it: nobody of this partner can be reached"))))
        self.fields["email"].choices = choices  # type: ignore[attr-defined]


class SendBackAccountForm(ShownForm):
    """Why a bank account is not accepted, and the accounts that were shown."""

    reason = PlainTextField(
        label=_("Reason"),
        help_text=_("Whoever may give the account reads this in the portal. It is kept."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
