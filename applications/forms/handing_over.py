"""Forms of who is the contact person of the lead."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.forms import PlainTextField
from hubportal.kernel.languages import dutch


class OfferForm(forms.Form):
    """To which colleague the contact is handed over."""

    to = forms.ChoiceField(
        label=_("To whom?"),
        help_text=_("Colleagues who are confirmed as representatives of the lead organisation."),
        error_messages={"invalid_choice": _("Choose a colleague who represents the lead organisation.")},
    )

    def __init__(self, data: Any, *, colleagues: Iterable[User]) -> None:
        super().__init__(data)
        self.fields["to"].choices = [(str(each.pk), dutch(each.full_name)) for each in colleagues]  # type: ignore[attr-defined]


class TakeoverForm(forms.Form):
    """Why somebody takes over."""

    reason = PlainTextField(
        label=_("Why do you take over?"),
        max_length=500,
        is_printed=False,
        help_text=_(
            "For example: my colleague left. Everybody who represents the lead organisation reads this."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
