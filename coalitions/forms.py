"""Forms about coalitions."""

from copy import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.models import Participation
from hubportal.accounts.permissions import Person
from hubportal.forms import AddressField, KvkField, NameField, PersonNameField, ShownForm, with_value
from hubportal.kernel.languages import dutch, filled_in
from organisations.domain.organisations import OrganisationFacts
from organisations.forms import StatedOrganisationField
from organisations.legal_forms import LegalForm
from organisations.models import Representative
from organisations.queries import writing_for
from regions.models import Municipality, Region

_FACTS = ("kvk_number", "name", "legal_form", "municipality")


class RegionSearchForm(forms.Form):
    """By which a person finds the region."""

    where = forms.CharField(
        label=_("Postcode, place, municipality or region"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StartForm(forms.Form):
    """What we ask to start a coalition in a region."""

    name = NameField(
        label=_("Name of the coalition"),
        max_length=120,
        help_text=_("A name that you and your partners recognise. For example the region and your subject."),
    )
    lead_organisation = StatedOrganisationField(
        label=_("Lead organisation"),
        queryset=Representative.objects.none(),
        empty_label=None,
        help_text=_("This organisation applies on behalf of the coalition and receives the letter."),
    )
    works_in_region = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: Person, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["lead_organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = writing_for(user)
        self.fields["works_in_region"].label = _works_in(region)
        self.fields["works_in_region"].help_text = _(
            "Only needed if the organisation is based in another region."
        )


class RenameForm(ShownForm):
    """Another name for a coalition."""

    name = NameField(label=_("Name of the coalition"), max_length=120)


class ContactForm(forms.Form):
    """Who answers for a partner."""

    contact_name = PersonNameField(label=_("Name of the contact person"), max_length=150)
    contact_email = AddressField(
        label=_("E-mail address of the contact person"),
        max_length=254,
        help_text=_(
            "We will send the request for consent here. Use an address that belongs to the partner, not "
            "to you."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    @classmethod
    def of(cls, participation: Participation, data: Any = None) -> "ContactForm":
        """Return the form filled with who answers for the partner now."""
        return cls(
            data,
            initial={
                "contact_name": participation.contact_name,
                "contact_email": participation.contact_email,
            },
        )


class PartnerForm(ContactForm):
    """An organisation that joins, and who answers for it."""

    kvk_number = KvkField()
    name = NameField(
        label=_("Name of the organisation"), max_length=150, help_text=_("As recorded in the register.")
    )
    # Every legal form can be chosen: a form that cannot take part is refused with advice on what to do.
    legal_form = forms.ChoiceField(label=_("Legal form"), choices=[("", _("Choose")), *LegalForm.choices])
    municipality = forms.ModelChoiceField(
        label=_("Municipality of the seat"), queryset=Municipality.objects.all(), empty_label=_("Choose")
    )
    works_in_region = forms.BooleanField(required=False)

    # Asked only where it is published under another name: that it is the organisation meant.
    is_meant = forms.BooleanField(required=False)
    meant = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput)

    field_order = (*_FACTS, "is_meant", "meant", "works_in_region", "contact_name", "contact_email")

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["works_in_region"].label = _works_in(region)
        self.fields["works_in_region"].help_text = _(
            "Only needed if the organisation is based in another region."
        )

        if name := (self.data.get("meant") if self.is_bound else ""):
            self.fields["is_meant"].label = _means(name)
        else:
            del self.fields["is_meant"]

    def ask_whether_meant(self, name: str) -> None:
        """Ask whether the organisation of this name is meant; what was typed stays."""
        field = type(self).base_fields["is_meant"]
        self.fields["is_meant"] = copy(field)
        self.fields["is_meant"].label = _means(name)
        self.data = {**with_value(self.data, "meant", name)}
        self.data.pop("is_meant", None)
        self.order_fields(self.field_order)

    @property
    def name_meant(self) -> str:
        """Return the other name of which the person said that it is the one meant."""
        values = self.cleaned_data
        return str(values["meant"]) if values.get("is_meant") else ""

    def facts(self) -> OrganisationFacts:
        """Return the organisation's facts for the domain."""
        return OrganisationFacts(**{name: self.cleaned_data[name] for name in _FACTS})


def _means(name: str) -> str:
    return filled_in(_("Yes, I mean %(organisation)s"), organisation=dutch(name))


def _works_in(region: Region) -> str:
    return filled_in(_("This organisation works in the region %(region)s"), region=dutch(region.name))
