"""What officers type."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.enums import Outcome
from hubportal.forms import MoneyField, PlainTextField


class DecisionForm(forms.Form):
    """What is decided on an application."""

    sometimes_required: ClassVar = {"amount"}

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(Outcome.GRANTED, _("Grant it")), (Outcome.REJECTED, _("Reject it"))],
        widget=forms.RadioSelect,
    )
    amount = MoneyField(
        label=_("Granted amount"), help_text=_("Only for a decision to grant."), required=False
    )
    reasons = PlainTextField(
        label=_("Reasons of the decision"),
        help_text=_("They stand in the letter, in Dutch. An empty line starts a new paragraph."),
        max_length=6000,
    )
