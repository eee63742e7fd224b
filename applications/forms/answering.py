"""Forms of consent and signature, through a one-time link or an account."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import ConsentAnswer
from hubportal.forms import FunctionField, PersonNameField, PlainTextField, with_value


class ConsentForm(forms.Form):
    """A partner's answer."""

    sometimes_required: ClassVar = {"reason"}

    answer = forms.ChoiceField(
        label=_("Does your organisation agree?"),
        choices=[
            (ConsentAnswer.GIVEN.value, _("Yes, we agree to this text and to our share of the budget")),
            (ConsentAnswer.DECLINED.value, _("No, we do not agree")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = PlainTextField(
        label=_("Your reason, if you do not agree"),
        max_length=1000,
        required=False,
        help_text=_("The lead organisation reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = PersonNameField(
        label=_("Your name"), max_length=150, help_text=_("You answer on behalf of your organisation.")
    )
    # In mails to others: no advert either.
    function = FunctionField(
        label=_("Your function"),
        max_length=100,
        help_text=_("For instance: director, or chair of the board."),
    )
    # What the person read: an answer to another text is not taken.
    seen_digest = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def show_digest(self, digest: str) -> None:
        """Mark the current text as read for the next attempt; keep what was typed."""
        self.data = with_value(self.data, "seen_digest", digest)


class SigningForm(forms.Form):
    """A signature under the declaration."""

    agreed = forms.BooleanField(
        label=_("I have read the declaration and sign it"),
        error_messages={"required": _("Tick this box to sign.")},
    )
    name = PersonNameField(label=_("Your full name"), max_length=150)
    # In mails to others: no advert either.
    function = FunctionField(
        label=_("Your function"),
        max_length=100,
        help_text=_("For instance: director, or chair of the board."),
    )


class QuestionForm(forms.Form):
    """What a partner asks the lead before it answers."""

    text = PlainTextField(
        label=_("Your question to the lead organisation"),
        max_length=1000,
        help_text=_("The lead organisation reads this, and answers you by e-mail."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = PersonNameField(label=_("Your name"), max_length=150)


class QuestionAnswerForm(forms.Form):
    """The lead's answer to a partner."""

    text = PlainTextField(label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
