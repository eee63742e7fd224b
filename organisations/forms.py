"""Forms about organisations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import KvkField, NameField
from organisations.domain.organisations import OrganisationFacts
from organisations.legal_forms import LegalForm
from regions.models import Municipality


class ClaimForm(forms.Form):
    """What somebody says of the organisation that they speak for."""

    kvk_number = KvkField()
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
        return OrganisationFacts(**{name: values[name] for name in ClaimForm.base_fields})
