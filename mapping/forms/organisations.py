"""The form of an organisation, of which the grid asks each field by itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hubportal.forms import KvkField, LineField, NameField, PlainTextField, WebsiteField
from hubportal.versions.forms import VersionedForm
from mapping.domain.rows import MapFacts, row_version
from mapping.enums import TalkState
from mapping.forms.fields import MunicipalitiesField, SeveralField, names_of
from mapping.models import MapEntry
from organisations.domain.organisations import OrganisationFacts
from organisations.enums import ActorRole, CareDomain, Reach
from organisations.legal_forms import LegalForm
from organisations.models import Organisation
from organisations.queries import all_kinds
from organisations.streams import Stream
from regions.models import Region
from regions.queries import all_municipalities

_DAY = _("Enter a day, for example 01-09-2024.")
_OF_MAP = ("reaches", "talk", "next_on", "notes")
# Beyond that they are kept where two organisations were merged.
MOST_LETTERS_OF_NOTES = 3000
_FOR_COALITION = _("Only needed once the organisation takes part in a coalition.")


class OrganisationForm(VersionedForm):
    """What is known of an organisation, as a kwartiermaker edits it; only the name is required."""

    name = NameField(label=_("Name of the organisation"), max_length=150)
    other_names = LineField(
        label=_("Other names"),
        max_length=300,
        required=False,
        is_printed=False,
        help_text=_("Abbreviations and former names, with commas between them."),
    )
    kind = forms.ModelChoiceField(
        label=_("Kind"),
        queryset=all_kinds(),
        to_field_name="code",
        required=False,
        empty_label=_("Not known yet"),
    )
    streams = SeveralField(
        label=_("Streams"),
        choices=Stream.choices,
        required=False,
        help_text=_("Whose voice does the organisation represent? You can choose more than one."),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Not known yet")), *ActorRole.choices], required=False
    )
    reach = forms.ChoiceField(
        label=_("Reach"), choices=[("", _("Not known yet")), *Reach.choices], required=False
    )
    reaches = MunicipalitiesField(
        label=_("Municipalities that it reaches"), required=False, help_text=_("With commas between them.")
    )
    neighbourhood = LineField(
        label=_("Neighbourhood or village"), max_length=120, required=False, is_printed=False
    )
    domains = SeveralField(label=_("Domains"), choices=CareDomain.choices, required=False)
    kvk_number = KvkField(required=False)
    website = WebsiteField()
    public_contact = LineField(
        label=_("Public contact"),
        max_length=150,
        required=False,
        is_printed=False,
        help_text=_(
            "An e-mail address or phone number of the organisation, which visitors see once it is public. None of a person."
        ),
    )
    description = PlainTextField(
        label=_("What it does"),
        required=False,
        max_length=2000,
        help_text=_("In a few sentences. Visitors read this too, once you publish the organisation."),
    )
    talk = forms.ChoiceField(
        label=_("The talk"),
        choices=[("", _("Not begun yet")), *TalkState.choices],
        required=False,
        help_text=_("Only kwartiermakers of this region see the talk, its next date and the notes."),
    )
    next_on = forms.DateField(
        label=_("Next date"),
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1), _DAY), MaxValueValidator(date(2099, 12, 31), _DAY)],
        error_messages={"invalid": _DAY},
    )
    notes = PlainTextField(
        label=_("Notes"),
        required=False,
        max_length=MOST_LETTERS_OF_NOTES,
        help_text=_("Write nothing about the health of people, and no names of who did not agree to it."),
    )
    legal_form = forms.ChoiceField(
        label=_("Legal form"),
        choices=[("", _("Not known yet")), *LegalForm.choices],
        required=False,
        help_text=_FOR_COALITION,
    )
    municipality = forms.ChoiceField(
        label=_("Municipality of the seat"), required=False, help_text=_FOR_COALITION
    )

    def __init__(self, *args: Any, region: Region, is_new: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        # What is new has no version yet.
        self.fields["seen_version"].required = not is_new
        self._municipalities = {each.code: each for each in all_municipalities()}
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        every = self._municipalities.values()
        field.choices = [
            ("", _("Not known yet")),
            (region.name, [(each.code, each.name) for each in every if each.region_id == region.pk]),
            (_("Other regions"), [(each.code, each.name) for each in every if each.region_id != region.pk]),
        ]

    def facts(self) -> OrganisationFacts:
        """Return the typed facts for the domain."""
        values: dict[str, Any] = {name: each for name, each in self.typed.items() if name not in _OF_MAP}
        values["municipality"] = self._municipalities.get(values["municipality"])
        return OrganisationFacts(**values)

    def more(self) -> MapFacts:
        """Return what the map keeps beside the facts, for the domain."""
        return MapFacts(**{name: self.typed[name] for name in _OF_MAP})


def content_of(organisation: Organisation, entry: MapEntry) -> dict[str, Any]:
    """Return what is known of an organisation in a region, as the form reads it."""
    kept: dict[str, Any] = {
        name: getattr(entry if name in _OF_MAP else organisation, name)
        for name in OrganisationForm.names()
        if name not in {"reaches", "municipality"}
    }
    seat = organisation.municipality
    return {
        **kept,
        "reaches": frozenset(organisation.reaches.all()),
        "municipality": seat.code if seat else "",
    }


def initial_of(organisation: Organisation, entry: MapEntry) -> dict[str, Any]:
    """Return what the form shows of an organisation in a region before anything is typed."""
    kept = content_of(organisation, entry)
    return {
        **kept,
        "kind": organisation.kind and organisation.kind.code,
        "seen_version": row_version(organisation, entry),
    }


def stood_in(initial: Mapping[str, Any], *, is_public: bool) -> dict[str, list[str]]:
    """Return what ``initial_of`` tells of a row as a browser sends it: each field with a list of texts, and whether it is public."""
    kept = {name: initial[name] for name in OrganisationForm.names()}
    kept["reaches"] = names_of(kept["reaches"])
    kept["next_on"] = kept["next_on"] and kept["next_on"].isoformat()
    fields = {name: value if isinstance(value, list) else [value or ""] for name, value in kept.items()}
    return fields | {"public": ["yes" if is_public else "no"]}
