"""The forms about a correction of a public card: of who asks it, and of who answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import AddressField, PersonNameField, PlainTextField
from mapping.enums import CorrectionKind


class CorrectionForm(forms.Form):
    """What is not right in a public card, and who says so."""

    kind = forms.ChoiceField(
        label=_("What do you ask?"),
        choices=CorrectionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you ask.")},
    )
    message = PlainTextField(
        label=_("What should it be, or why should it go?"),
        max_length=2000,
        help_text=_("Write nothing about the health of people who can be recognised."),
    )
    name = PersonNameField(label=_("Your name"), max_length=150)
    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_(
            "We mail you a link to confirm this, and later the answer. Whoever answers sees the address; visitors do not."
        ),
    )


class CorrectionAnswerForm(forms.Form):
    """The answer to who asked a correction."""

    answer = PlainTextField(
        label=_("Your answer"),
        max_length=2000,
        help_text=_("Goes by e-mail to who asked. Change the organisation first if they are right."),
    )
