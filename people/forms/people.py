"""The forms of a kwartiermaker about a person."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from hubportal.forms import AddressField, LineField, PersonNameField, PlainTextField
from hubportal.versions.forms import VersionedForm
from organisations.models import Organisation
from people.domain.keeping import PersonFacts, Reach
from people.enums import CHOSEN_REASONS, RECORDED_WAYS, ConsentWay, ErasureReason
from people.forms.health import NoHealthField
from people.models import MappedPerson
from people.queries import organisations_named_in, organisations_to_speak_for
from regions.models import Region

_REACH = ("name", "email", "phone")
_FACTS = ("knowledge", "subjects", "group", "organisation")


class PhoneField(LineField):
    """A telephone number, in any notation."""

    def __init__(self, **values: Any) -> None:
        digits = RegexValidator(r"^\+?[0-9 ()./-]{8,}$", _("Enter a telephone number, with its area code."))
        super().__init__(
            is_printed=False,
            validators=[digits],
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            max_length=40,
            **values,
        )


class SpokenForField(forms.ModelChoiceField):
    """An organisation of the map; the one that is kept stays, though it may not be named any more."""

    is_named = True
    kept: Organisation | None = None

    def offer(self, region: Region, kept: Organisation | None) -> None:
        """Offer the organisations of a region, and the one that is kept."""
        self.queryset = organisations_to_speak_for(region, kept)
        self.kept = kept
        self.is_named = kept is None or organisations_named_in(region).filter(pk=kept.pk).exists()

    def label_from_instance(self, obj: Any) -> str:
        """Return the name; of one that is not on this map only that it is not."""
        if obj == self.kept and not self.is_named:
            return str(_("An organisation that is not on this map"))
        return super().label_from_instance(obj)


class ReachForm(forms.Form):
    """Who somebody is and how to reach them: all that may be kept before they agree."""

    name = PersonNameField(label=_("Name"), max_length=150)
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("The person's own. We ask them there at once whether you may keep more."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(
        label=_("Telephone number"),
        required=False,
        help_text=_("Needed if there is no e-mail address. Then you ask this person yourself."),
    )

    def reach(self) -> Reach:
        """Return what was typed for the domain."""
        return Reach(**{name: self.cleaned_data[name] for name in _REACH})


class WaitingForm(VersionedForm):
    """How to reach somebody who did not agree yet."""

    name = PersonNameField(label=_("Name"), max_length=150)
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_(
            "The person's own: whoever reads e-mail there can see everything that you keep. At another address we ask or"
            " tell this person again."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Telephone number"), required=False)

    def __init__(self, *args: Any, region: Region, is_autosave: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        self.region = region
        self.is_autosave = is_autosave

    def reach(self) -> Reach:
        """Return how to reach somebody, as it was typed; while it is being typed, at the address that is kept."""
        typed = Reach(**{name: self.typed[name] for name in _REACH})
        return replace(typed, email=self.initial["email"]) if self._address_waits else typed

    def remarks(self) -> list[str]:
        """Return what is said of what is kept all the same, and of an address that waits for the button."""
        waits = (
            [str(_("The e-mail address changes only when you choose Save."))] if self._address_waits else []
        )
        return [*super().remarks(), *waits]

    @property
    def _address_waits(self) -> bool:
        # A mail to an address that is half typed would bring everything to a stranger.
        is_pressed = not self.is_autosave or self.cleaned_data.get("over_version") is not None
        return not is_pressed and bool(self.cleaned_data["email"] != self.initial["email"])

    def facts(self) -> PersonFacts:
        """Return nothing: more may not be kept yet."""
        return PersonFacts()


class PersonForm(WaitingForm):
    """What is kept of somebody who agreed."""

    knowledge = NoHealthField(
        label=_("What this person knows"),
        required=False,
        max_length=2000,
        help_text=_(
            "Their experience and what they are good at, for instance: eight years on a client council. Write nothing about"
            " health: no illness, disability, diagnosis or treatment, of this person or of others."
        ),
    )
    subjects = LineField(
        label=_("Subjects they want to talk about"),
        required=False,
        max_length=300,
        is_printed=False,
        help_text=_("With commas between them."),
    )
    group = LineField(
        label=_("Speaks for a group"),
        required=False,
        max_length=200,
        is_printed=False,
        help_text=_(
            "In words, for instance: young people in Zwolle-Zuid. Leave empty if they speak for themselves."
        ),
    )
    organisation = SpokenForField(
        label=_("Speaks for an organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="map_key",
        required=False,
        empty_label=_("No organisation of the map"),
    )

    def __init__(self, *args: Any, region: Region, **values: Any) -> None:
        super().__init__(*args, region=region, **values)
        field = self.fields["organisation"]
        assert isinstance(field, SpokenForField)
        field.offer(region, self.initial["organisation"])

    def facts(self) -> PersonFacts:
        """Return what is kept beside how to reach them, as it was typed."""
        return PersonFacts(**{name: self.typed[name] for name in _FACTS})


def content_of(person: MappedPerson) -> dict[str, Any]:
    """Return what is kept of somebody, as the form reads it."""
    names = _REACH if person.consented_at is None else (*_REACH, *_FACTS)
    return {name: getattr(person, name) for name in names}


class ConsentRecordForm(forms.Form):
    """A consent that was given on paper or by word of mouth."""

    way = forms.ChoiceField(
        label=_("How did this person agree?"),
        choices=[(each.value, each.label) for each in RECORDED_WAYS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how this person agreed.")},
    )
    told_on = forms.DateField(
        label=_("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day, for example 01-09-2024.")},
    )
    account = PlainTextField(
        label=_("How did you ask, and what did this person say?"),
        max_length=500,
        help_text=_("For instance: read out on the telephone, said yes. Where do you keep the signed paper?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_told = forms.BooleanField(
        label=_("I read out or gave this person the text above, and they agreed"),
        error_messages={
            "required": _("Tick this box only if it is so. Otherwise you cannot record a consent.")
        },
    )

    def facts(self) -> dict[str, Any]:
        """Return what was typed for the domain."""
        day: date = self.cleaned_data["told_on"]
        return {
            "way": ConsentWay(self.cleaned_data["way"]),
            "told_on": day,
            "account": self.cleaned_data["account"],
        }


class ErasureForm(forms.Form):
    """Why a kwartiermaker erases somebody."""

    reason = forms.ChoiceField(
        label=_("Why do you erase this person?"),
        choices=[
            (ErasureReason.ASKED.value, _("They asked me to, or said no")),
            (ErasureReason.MISTAKE.value, _("I wrote them down by mistake")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )

    def chosen(self) -> ErasureReason:
        """Return the reason."""
        reason = ErasureReason(self.cleaned_data["reason"])
        assert reason in CHOSEN_REASONS
        return reason
