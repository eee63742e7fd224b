"""Forms of offering the lead of a coalition, and of answering that."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.forms import PlainTextField
from hubportal.kernel.languages import dutch


class LeadOfferForm(forms.Form):
    """To which partner the lead is offered, and who answers for the former lead afterwards."""

    to = forms.ChoiceField(
        label=_("Which partner becomes the lead organisation?"),
        error_messages={
            "invalid_choice": _("Choose a partner in the coalition."),
            "required": _("Choose a partner in the coalition."),
        },
    )
    contact = forms.ChoiceField(
        label=_("Who is the contact person of your organisation afterwards?"),
        help_text=_("We ask this person for the consent of your organisation once the new lead wants it."),
        error_messages={"invalid_choice": _("Choose somebody who represents the lead organisation.")},
    )

    def __init__(
        self, data: Any, *, partners: Iterable[Participation], colleagues: Iterable[User], me: User
    ) -> None:
        super().__init__(data, initial={"contact": str(me.pk)})
        to, contact = self.fields["to"], self.fields["contact"]
        to.choices = [(str(each.pk), dutch(each.stated_name)) for each in partners]  # type: ignore[attr-defined]
        contact.choices = [(str(each.pk), dutch(each.full_name)) for each in colleagues]  # type: ignore[attr-defined]


class DeclineLeadForm(forms.Form):
    """Why an organisation does not become the lead."""

    reason = PlainTextField(
        label=_("Why not?"),
        max_length=500,
        is_printed=False,
        help_text=_("The lead organisation reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
