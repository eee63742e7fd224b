"""Forms about help: what a coalition wishes, and what a kwartiermaker proposes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.forms import LineField, PlainTextField
from hubportal.kernel.languages import dutch
from matching.help_queries import help_asked_in
from matching.models import HelpRequest
from matching.models.help_request import MOST_OF_A_WISH
from regions.models import Region


class HelpForm(forms.Form):
    """What a coalition is looking for."""

    wish = PlainTextField(
        label=_("What are you looking for?"),
        max_length=MOST_OF_A_WISH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example a stream or a group of people that you miss. The kwartiermaker reads this."),
    )


class _CoalitionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        asked: HelpRequest = obj
        return dutch(f"{asked.coalition.name} ({asked.coalition.lead_name})")


class ProposeForm(forms.Form):
    """To which coalition a kwartiermaker proposes the chosen organisations, and why."""

    help_request = _CoalitionField(
        label=_("To which coalition?"),
        queryset=HelpRequest.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a coalition.")},
    )
    reason = LineField(
        label=_("Why do they fit?"),
        max_length=300,
        required=False,
        help_text=_(
            "The coalition reads this. Write nothing here that an organisation told you in confidence."
        ),
    )

    def __init__(self, *args: Any, region: Region, user: User, **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["help_request"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = help_asked_in(region, user)


class FoundForm(forms.Form):
    """Whether an organisation wants to be found on a question, and with its name."""

    choice = forms.ChoiceField(
        label=_("Do you want to be found on this question?"),
        choices=[
            ("no", _("No")),
            ("looking", _("Yes, without our name: others only read that an organisation wants to be found")),
            ("showing", _("Yes, with our name: who shows theirs too reads it, and we read theirs")),
        ],
        widget=forms.RadioSelect,
    )
    contact = LineField(
        label=_("How can they reach you?"),
        max_length=150,
        required=False,
        help_text=_("Only with your name. For example an e-mail address of your organisation."),
    )
