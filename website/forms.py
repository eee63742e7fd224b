"""Forms of visitors: finding a region, following it, and whether one can apply."""

from collections.abc import Iterable
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import AddressField
from website.enums import Answer


class AskedCondition(Protocol):
    """A condition as the page asks it."""

    @property
    def key(self) -> str:
        """Return what its answer is called in the address."""

    @property
    def question(self) -> str:
        """Return the question."""

    @property
    def explanation(self) -> str:
        """Return what is meant."""


class FindRegionForm(forms.Form):
    """What a visitor types to find a region."""

    MOST_LETTERS = 120

    zoek = forms.CharField(
        label=_("Postcode, place, municipality or region"),
        help_text=_("For example 3511, Zutphen or Twente."),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "list": "region-suggestions", "data-suggest": True}
        ),
        error_messages={"required": _("Type a postcode, or the name of a place, municipality or region.")},
    )


class FollowForm(forms.Form):
    """The address at which somebody follows a region."""

    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CanApplyForm(forms.Form):
    """A question for each condition of a call."""

    def __init__(self, *args: Any, asked: Iterable[AskedCondition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in asked:
            self.fields[each.key] = forms.ChoiceField(
                label=each.question,
                help_text=each.explanation,
                choices=Answer.choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose an answer, or say that you do not know."),
                    "invalid_choice": _("Choose one of the answers."),
                },
            )
