"""The form by which somebody is invited to a draft."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import CollaboratorRight
from applications.models import ApplicationPeople
from coalitions.models import Participation
from hubportal.forms import AddressField, PersonNameField, PlainTextField
from hubportal.kernel.languages import dutch
from hubportal.kernel.mailboxes import mailbox


class DeclineForm(forms.Form):
    """Why somebody does not take part, if they want to say."""

    reason = PlainTextField(
        label=_("If you say no: why?"),
        max_length=500,
        required=False,
        help_text=_("Only people who represent the lead organisation read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CollaboratorForm(forms.Form):
    """Whom to invite, for which organisation, and what they may do."""

    name = PersonNameField(label=_("Name"), max_length=150)
    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_(
            "We e-mail the invitation there. They log in with this address, or make an account with it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    participation = forms.ChoiceField(
        label=_("For which organisation?"),
        required=False,
        help_text=_("Everybody who writes or reads the application sees this."),
    )
    right = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=CollaboratorRight.choices,
        widget=forms.RadioSelect,
        initial=CollaboratorRight.WRITE,
        help_text=_("Asking partners, submitting and withdrawing stay with you."),
    )

    def __init__(
        self,
        data: Any,
        *,
        members: Sequence[Participation],
        people: ApplicationPeople,
        writing: Collection[str] = (),
    ) -> None:
        # The project leader is whom most want beside them, unless they write already: these are the mailboxes of who does.
        is_wanted = mailbox(people.leader_email) not in writing
        leader = {"name": people.leader_name, "email": people.leader_email} if is_wanted else {}
        super().__init__(data, initial=leader)
        helper = _("None of these: a helper, such as an adviser or a volunteer")
        places = [(str(each.pk), dutch(each.stated_name)) for each in members]
        self.fields["participation"].choices = [*places, ("", helper)]  # type: ignore[attr-defined]
        leads = {each.organisation_id: str(each.pk) for each in members}
        if is_wanted:
            self.initial["participation"] = leads.get(people.leader_organisation_id or 0, "")
