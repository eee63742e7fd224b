"""Forms of a draft. Every field may stay empty; completeness is checked at submission."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import Application, ApplicationPeople, ApplicationSection
from calls.models import Call, SectionSpec
from coalitions.models import Participation
from hubportal.forms import AddressField, LineField, PersonNameField, PlainTextField
from hubportal.kernel.dates import day_in_digits
from hubportal.kernel.languages import dutch
from hubportal.versions.forms import VersionedForm
from organisations.forms import StatedOrganisationField


class SectionForm(VersionedForm):
    """The text of one section; a text that is too long is reported, never truncated."""

    text = PlainTextField(is_printed=True, required=False, widget=forms.Textarea(attrs={"rows": 16}))

    def ask(self, spec: SectionSpec) -> None:
        """Ask the question of the section."""
        self.fields["text"].label = self["text"].label = dutch(spec.question)
        self.fields["text"].help_text = self["text"].help_text = limit_in_words(spec.max_characters)

    def show(self, spec: SectionSpec, kept: ApplicationSection | None) -> None:
        """Ask the question of the section, with the saved text unless something was typed."""
        self.ask(spec)
        self.initial = {"text": kept.text if kept else "", "seen_version": kept.version if kept else 0}


class ParticularsForm(VersionedForm):
    """Title, first day and duration."""

    title = LineField(
        label=_("Title of the project"),
        max_length=150,
        required=False,
        help_text=_(
            "Short and recognisable: we use it in our letter. If you get a grant, everybody can read it."
        ),
    )
    starts_on = forms.DateField(
        label=_("First day of the project"),
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(date(2000, 1, 1), _("Enter a day, for example 01-09-2024.")),
            MaxValueValidator(date(2099, 12, 31), _("Enter a day, for example 01-09-2024.")),
        ],
        error_messages={"invalid": _("Enter a day, for example 01-09-2024.")},
    )
    duration_months = forms.IntegerField(
        label=_("Duration in whole months"),
        required=False,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Enter a whole number of months, for example 6.")},
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duration_months"].help_text = _("From %(shortest)d to %(longest)d months.") % {
            "shortest": call.min_months,
            "longest": call.max_months,
        }

    def tell_earliest_start(self, day: date) -> None:
        """Say at the field from which day a project can start."""
        told = _("On or after %(day)s: that is when the award of this round is expected.") % {
            "day": day_in_digits(day)
        }
        # Also once the field was shown or checked, which keeps what it said then.
        self.fields["starts_on"].help_text = self["starts_on"].help_text = told


PEOPLE = {
    "main_applicant": _("Main applicant (hoofdaanvrager)"),
    "signatory": _("Authorised signatory (bestuurlijk verantwoordelijke)"),
    "leader": _("Project leader (projectleider)"),
}


class PeopleForm(VersionedForm):
    """Main applicant, authorised signatory and project leader, and where the letter of the decision goes."""

    main_applicant_name = PersonNameField(label=_("Name"), max_length=150, required=False)
    main_applicant_email = AddressField(label=_("E-mail address"), max_length=254, required=False)
    main_applicant_organisation = StatedOrganisationField(
        label=_("Organisation"),
        queryset=Participation.objects.none(),
        required=False,
        empty_label=_("Choose"),
    )
    signatory_name = PersonNameField(label=_("Name"), max_length=150, required=False)
    signatory_function = LineField(label=_("Function"), max_length=100, required=False)
    signatory_email = AddressField(label=_("E-mail address"), max_length=254, required=False)
    signatory_organisation = StatedOrganisationField(
        label=_("Organisation"),
        queryset=Participation.objects.none(),
        required=False,
        empty_label=_("Choose"),
    )
    leader_name = PersonNameField(label=_("Name"), max_length=150, required=False)
    leader_email = AddressField(label=_("E-mail address"), max_length=254, required=False)
    leader_organisation = StatedOrganisationField(
        label=_("Organisation"),
        queryset=Participation.objects.none(),
        required=False,
        empty_label=_("Choose"),
    )

    postal_street = LineField(label=_("Street and house number, or PO box"), max_length=100, required=False)
    postal_code = LineField(
        label=_("Postcode"),
        max_length=7,
        required=False,
        validators=[
            RegexValidator(
                r"^\s*[1-9][0-9]{3}\s?[A-Za-z]{2}\s*$", _("Enter a postcode, for example 1234 AB.")
            )
        ],
    )
    postal_place = LineField(label=_("Place"), max_length=80, required=False)
    electronic_letters = forms.TypedChoiceField(
        label=_("How do you want to receive the letter with our decision?"),
        choices=[
            ("", _("Choose")),
            ("True", _("By e-mail, as a PDF: you do not get a letter on paper")),
            ("False", _("On paper, by post")),
        ],
        coerce=lambda chosen: chosen == "True",
        empty_value=None,
        required=False,
        help_text=_("This is only about the letter with our decision. We send all other messages by e-mail."),
    )

    def clean_postal_code(self) -> str:
        """Write a postcode as the post does: 1234 AB."""
        typed = "".join(self.cleaned_data["postal_code"].split()).upper()
        return f"{typed[:4]} {typed[4:]}" if typed else ""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those outside the coalition are no choice; another organisation for the signatory is, and is refused.
        members = application.coalition.participations.select_related("organisation")
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = members

    def label_of(self, name: str) -> str:
        """Return the full label of a field: with the person it is about."""
        person = next((title for prefix, title in PEOPLE.items() if name.startswith(prefix)), None)
        label = super().label_of(name)
        return f"{person}: {label}" if person else label

    @staticmethod
    def shown(people: ApplicationPeople) -> dict[str, Any]:
        """Return what the form shows of the people that are kept."""
        members = people.application.coalition.participations
        places = dict(members.order_by().values_list("organisation", "pk"))
        return {
            name: places.get(getattr(people, f"{name}_id"))
            if name.endswith("organisation")
            else getattr(people, name)
            for name in PeopleForm.names()
        }

    @staticmethod
    def kept(people: ApplicationPeople) -> dict[str, Any]:
        """Return the people that are kept as the form reads what is typed."""
        return {name: getattr(people, name) for name in PeopleForm.names()}


# Dutch words with the space behind them, on average.
_CHARACTERS_PER_WORD = 6


def limit_in_words(limit: int) -> str:
    """Return how long a text may be, as it is said before one writes: in characters, and in words rounded to 50."""
    words = limit // _CHARACTERS_PER_WORD
    return _("At most %(most)d characters. That is about %(words)d words.") % {
        "most": limit,
        "words": words // 50 * 50 or words,
    }


def excess_in_words(length: int | str, excess: int | str) -> str:
    """Return how long a text is and by how much it is too long, as the page says it."""
    return _("%(count)s characters, %(excess)s too many") % {"count": length, "excess": excess}


def length_in_words(length: int, limit: int, *, shown: str = "") -> str:
    """Return how long a text is and may be, as the page says it; ``shown`` stands where the length would."""
    return ngettext(
        "%(count)s character of at most %(most)d", "%(count)s characters of at most %(most)d", length
    ) % {"count": shown or length, "most": limit}
