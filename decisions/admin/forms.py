"""Forms of officers."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.enums import Outcome
from calls.models import RejectionGround
from decisions.domain.drafts import DecisionAsTyped
from hubportal.forms import MoneyField, PlainTextField
from hubportal.versions.forms import VersionedForm


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

    def __init__(self, *args: Any, grounds: QuerySet[RejectionGround] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
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
        return DecisionAsTyped(**{"ground": None, **self.typed})
