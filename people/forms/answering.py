"""The forms of people themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import ShownForm

AGREE, DECLINE = "agree", "decline"


class AnswerForm(ShownForm):
    """Whether somebody agrees to be kept."""

    answer = forms.ChoiceField(
        label=_("Do you agree?"),
        choices=[
            (AGREE, _("Yes, the kwartiermaker may keep this until the day above")),
            (DECLINE, _("No, erase what you have of me")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )


class WithdrawalForm(forms.Form):
    """Withdrawing takes one tick and one press, as agreeing did."""

    is_sure = forms.BooleanField(
        label=_("Yes, erase everything that is kept of me"),
        error_messages={"required": _("Tick this box to erase everything.")},
    )
