"""Forms about organisations."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hubportal.forms import KvkField, LineField, NameField
from organisations.domain.organisations import OrganisationFacts
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, Representative
from regions.models import Municipality

# What a KvK number fills in, with the number itself.
FILLED_IN = ("kvk_number", "name", "municipality")


class StatedOrganisationField(forms.ModelChoiceField):
    """A choice among organisations as somebody named them; its value is the organisation.

    Sent as the key of the row that names it: the key of the organisation would tell how long the portal has known it.
    """

    def label_from_instance(self, obj: Any) -> str:
        """Return the name by which the organisation was named."""
        if isinstance(obj, Organisation):
            assert self.queryset is not None
            obj = self.queryset.get(organisation=obj)
        return str(obj.stated_name)

    def to_python(self, value: Any) -> Any:
        """Return the organisation of the row that was chosen."""
        named = super().to_python(value)
        return named and named.organisation


class RepresentativeSearchForm(forms.Form):
    """A part of a name or an address, or a whole KvK number."""

    zoek = forms.CharField(label=_("Name, e-mail address or KvK number"), required=False, max_length=150)


class ReasonForm(forms.Form):
    """Why somebody is thought not to speak for an organisation."""

    reason = LineField(
        label=_("Reason"),
        max_length=500,
        is_printed=False,
        help_text=_("For example: this person left last year. Only the programme office reads this."),
    )


class RecommendationForm(ReasonForm):
    """How a kwartiermaker knows that somebody speaks for an organisation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("How do you know?")
        self.fields["reason"].help_text = _(
            "For example: I called the organisation at the number in the register. Only the programme office reads this."
        )


class ShownDisputeForm(forms.Form):
    """Which dispute and words the page showed, so that nobody settles one that they did not see."""

    shown_dispute = forms.CharField(widget=forms.HiddenInput, required=False)


class NamingForm(forms.Form):
    """How somebody names the organisation that they speak for."""

    name = NameField(
        label=_("Name of the organisation"), max_length=150, help_text=_("As recorded in the register.")
    )
    # Every legal form can be chosen: a form that cannot take part is refused with advice on what to do.
    legal_form = forms.ChoiceField(label=_("Legal form"), choices=[("", _("Choose")), *LegalForm.choices])
    municipality = forms.ModelChoiceField(
        label=_("Municipality of the seat"), queryset=Municipality.objects.all(), empty_label=_("Choose")
    )

    def facts(self) -> OrganisationFacts:
        """Return the typed values for the domain."""
        values: dict[str, Any] = self.cleaned_data
        return OrganisationFacts(**{name: values[name] for name in self.fields})

    @classmethod
    def of(cls, representative: Representative, data: Any = None) -> "NamingForm":
        """Return the form filled with how somebody names it now."""
        named = {"name": representative.stated_name, "legal_form": representative.stated_legal_form}
        return cls(data, initial={**named, "municipality": representative.stated_municipality_id})


def filled_in_from(asked: QueryDict) -> dict[str, str]:
    """Return with what a form begins that was filled in by a KvK number: as it stands in the address of the page."""
    return {name: str(asked[name]) for name in FILLED_IN if name in asked}


class ClaimForm(NamingForm):
    """What somebody says of the organisation that they speak for."""

    kvk_number = KvkField()

    field_order = ("kvk_number",)
