"""The forms about the public card of an organisation: of its kwartiermaker, and of the organisation itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import (
    AddressField,
    LineField,
    NameField,
    PersonNameField,
    PlainTextField,
    ShownForm,
    WebsiteField,
)
from mapping.cards import Card
from mapping.forms.fields import SeveralField
from organisations.streams import Stream
from regions.queries import all_municipalities


class AskForm(ShownForm):
    """To which address the question goes."""

    email = AddressField(
        label=_("E-mail address of the organisation"),
        max_length=254,
        help_text=_(
            "Preferably the address on its own website. Whoever reads it answers for the organisation."
        ),
    )


class CardForm(forms.Form):
    """The public text of an organisation, as it corrects it itself."""

    name = NameField(label=_("Name of the organisation"), max_length=150)
    municipality = forms.ChoiceField(label=_("Municipality of the seat"), required=False)
    streams = SeveralField(
        label=_("Streams"),
        choices=Stream.choices,
        required=False,
        help_text=_("Whose voice does your organisation represent? You can choose more than one."),
    )
    description = PlainTextField(
        label=_("What it does"), required=False, max_length=2000, help_text=_("In a few sentences.")
    )
    public_contact = LineField(
        label=_("Public contact"),
        max_length=150,
        required=False,
        is_printed=False,
        help_text=_("An e-mail address or phone number of the organisation, not of a person."),
    )
    website = WebsiteField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._names = {each.code: each.name for each in all_municipalities()}
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Not filled in")), *self._names.items()]

    def typed(self) -> dict[str, Any]:
        """Return the typed text for the domain."""
        values = dict(self.cleaned_data)
        return {**values, "seat": self._names.get(values["municipality"], "")}

    def card(self) -> Card:
        """Return the card as it was typed."""
        return Card(**self.typed())


class AgreeForm(ShownForm):
    """Who agrees for an organisation."""

    name = PersonNameField(label=_("Your name"), max_length=150)
    may_speak = forms.BooleanField(
        label=_("I may agree to this on behalf of the organisation"),
        error_messages={"required": _("Tick this box if you may agree on behalf of the organisation.")},
    )


class DeclineForm(forms.Form):
    """Who declines for an organisation, and perhaps why."""

    name = PersonNameField(label=_("Your name"), max_length=150, required=False)
    reason = PlainTextField(
        label=_("Why not?"),
        required=False,
        max_length=1000,
        help_text=_("You need not say. The kwartiermaker of the region reads it."),
    )
    is_wrong_address = forms.BooleanField(
        label=_("I have nothing to do with this organisation: the e-mail came to the wrong address"),
        required=False,
    )


class WithdrawForm(forms.Form):
    """Withdrawing takes one tick and one press, as agreeing did."""

    is_sure = forms.BooleanField(
        label=_("Yes, visitors may no longer see our organisation"),
        error_messages={"required": _("Tick this box to withdraw.")},
    )
