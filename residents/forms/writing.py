"""The form by which a resident writes to the kwartiermaker of a region."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import AddressField, LineField, NameField, PersonNameField, PlainTextField, WebsiteField
from hubportal.kernel.names import refuse_link
from regions.models import Region
from residents.domain.writing import Written
from residents.enums import MessageKind

_NO_HEALTH = _("Write nothing about anybody's health: we may not keep that.")
_TEXTS = {
    MessageKind.TAKE_PART: _("What would you like to help with?"),
    MessageKind.QUESTION: _("Explanation"),
    MessageKind.ORGANISATION: _("What does it do?"),
    MessageKind.LETTER: _("What would you like to say or ask?"),
}


class MessageForm(forms.Form):
    """What a resident writes, with only the fields that fit what it is."""

    question = forms.ChoiceField(
        label=_("In which question would you like to take part?"),
        required=False,
        error_messages={
            "invalid_choice": _("This question is no longer open. Choose another one, or none of them.")
        },
    )
    title = LineField(max_length=200, is_printed=False, validators=[refuse_link])
    text = PlainTextField(max_length=2000, help_text=_NO_HEALTH, required=False)
    municipality = forms.ChoiceField(label=_("Your municipality"), required=False)
    website = WebsiteField()
    name = PersonNameField(label=_("Your name"), max_length=150)
    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We mail you a link to confirm this. Only the kwartiermaker sees the address."),
    )
    phone = LineField(
        label=_("Your phone number"),
        max_length=40,
        required=False,
        is_printed=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Only if you would rather be called."),
    )
    agrees = forms.BooleanField(
        label=_("The kwartiermaker of this region may read this and contact me about it"),
        error_messages={"required": _("Without this we may not send it. Tick it if you agree.")},
    )

    _OWN: ClassVar = {
        MessageKind.TAKE_PART: {"text", "municipality", "phone"},
        MessageKind.QUESTION: {"title", "text", "municipality"},
        MessageKind.ORGANISATION: {"title", "text", "municipality", "website", "phone"},
        MessageKind.LETTER: {"text", "phone"},
    }

    def __init__(
        self,
        *args: Any,
        region: Region,
        kind: MessageKind,
        questions: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        """Ask what fits the kind; ``questions`` are those in which one can take part: their titles, by key."""
        super().__init__(*args, **values)
        self.kind = kind
        self._questions = questions or {}
        if self._questions:
            field = self.fields["question"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Not one of these, or I do not know yet")), *self._questions.items()]
        else:
            del self.fields["question"]
        for unasked in {"title", "text", "municipality", "website", "phone"} - self._OWN[kind]:
            del self.fields[unasked]
        self.fields["text"].label = _TEXTS[kind]
        self.fields["text"].required = kind == MessageKind.LETTER
        if kind == MessageKind.QUESTION:
            self.fields["title"].label = _("Your question")
            self.fields["title"].help_text = _(
                "For example: how do young people get mental health care close to home?"
            )
        elif kind == MessageKind.ORGANISATION:
            self.fields["title"] = NameField(label=_("Name of the organisation"), max_length=150)
            self.order_fields(["title"])
        self._municipalities = {each.code: each for each in region.municipalities.all()}
        if "municipality" in self.fields:
            self._offer_municipalities(kind)

    def _offer_municipalities(self, kind: MessageKind) -> None:
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        if kind == MessageKind.QUESTION:
            field.label = _("Where does this apply?")
            nothing = _("In the whole region")
        elif kind == MessageKind.ORGANISATION:
            field.label = _("In which municipality is it seated?")
            nothing = _("Not in this region, or not known")
        else:
            nothing = _("I would rather not say")
        named = [(each.code, each.name) for each in self._municipalities.values()]
        field.choices = [("", nothing), *named]

    def written(self) -> Written:
        """Return what was typed, for the domain."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "agrees"}
        question = values.pop("question", "")
        if question:
            # As who writes reads it now, whatever it is called later.
            values["title"] = self._questions[question]
        values["municipality"] = self._municipalities.get(values.get("municipality", ""))
        return Written(kind=self.kind, **values)
