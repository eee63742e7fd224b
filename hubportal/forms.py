"""Fields that several apps ask, and how a refusal of the domain reaches a form."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from hubportal.documents.domain.glyphs import lacking_in_words, refuse_unprintable
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import parse_amount, plain_amount
from hubportal.kernel.names import refuse_address, refuse_link, refuse_slogan, refuse_undeliverable
from hubportal.kernel.text import visible


def add_violation(form: forms.BaseForm, violation: RuleViolation, *, otherwise: str | None = None) -> None:
    """Show a refusal at the field it names, at ``otherwise``, or above the form."""
    named = violation.field if violation.field in form.fields else otherwise
    form.add_error(named, str(violation))


def with_value(typed: Mapping[str, Any], name: str, value: str) -> dict[str, Any]:
    """Return what was typed with one value replaced, for a form that is shown again."""
    # One by one: unpacking Django's own mapping would give lists.
    return {**{key: typed[key] for key in typed}, name: value}


class ShownForm(forms.Form):
    """An answer to something that is shown beside it, of which the form sends back what it was (rule 30)."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def show_seen(self, seen: str) -> None:
        """Mark this as seen for the next attempt; keep what was typed."""
        self.data = with_value(self.data, self.add_prefix("seen"), seen)


# What has more signs is no number.
_LONGEST_NUMBER = 100
# A text may be this many times its maximum before its invisible signs are taken out.
_MOST_UNSEEN = 4


def typed_number(value: Any, refusal: Any) -> str:
    """Return what can be seen of a number that somebody typed. Raises ``ValidationError`` where it is endless, unread."""
    typed = str(value or "").strip()
    if len(typed) > _LONGEST_NUMBER:
        raise forms.ValidationError(refusal)
    return visible(typed).strip()


class MoneyInput(forms.TextInput):
    """A text box for euros; the template pack sets the sign before it."""


class MoneyField(forms.Field):
    """An amount in euros, typed in Dutch or English notation or plainly; on an error it stays as it was typed."""

    widget = MoneyInput

    def to_python(self, value: Any) -> Decimal | None:
        """Return the exact amount, or nothing for an empty box."""
        typed = typed_number(value, _("Enter an amount in euros, for example 12,500.00."))
        if not typed:
            return None
        try:
            return parse_amount(typed)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount in the reader's language, as ``12.500,00`` or ``12,500.00``."""
        return plain_amount(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another amount was typed, however it is written."""
        try:
            return self.to_python(self.prepare_value(initial)) != self.to_python(data)
        except forms.ValidationError:
            return True


class KvkField(forms.CharField):
    """A number in the trade register: eight digits; spaces are forgiven."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            **{
                "label": _("KvK number"),
                "help_text": _(
                    "Eight digits, as in the register of the Chamber of Commerce (Kamer van Koophandel)."
                ),
                "max_length": 40,
                "validators": [RegexValidator(r"^[0-9]{8}$", _("A KvK number has eight digits."))],
                "widget": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                **values,
            }
        )

    def to_python(self, value: Any) -> str:
        """Return what was typed without spaces and dots."""
        return re.sub(r"[\s.]", "", typed_number(value, _("A KvK number has eight digits.")))


class _WholeField(forms.CharField):
    """A text that a reader can see (rule 33); one that is too long is refused whole, and stays as typed."""

    default_error_messages: ClassVar = {
        "max_length": _(
            "This text has %(show_value)d characters; the maximum is %(limit_value)d. Make it shorter."
        )
    }

    def to_python(self, value: Any) -> str:
        """Return what can be seen of the text: nothing, and so not filled in, where nothing can."""
        given = super().to_python(value) or ""
        if self.max_length is not None and len(given) > _MOST_UNSEEN * self.max_length:
            raise self._too_long(given)
        return visible(given)

    def run_validators(self, value: Any) -> None:
        """Look no further at what is too long: Django asks every validator."""
        if self.max_length is not None and len(value) > self.max_length:
            raise self._too_long(value)
        super().run_validators(value)

    def _too_long(self, text: str) -> forms.ValidationError:
        params = {"show_value": len(text), "limit_value": self.max_length}
        return forms.ValidationError(self.error_messages["max_length"], code="max_length", params=params)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the attributes without the length at which browsers would cut what is pasted.

        What people write is Dutch in every language of the screen: read aloud and spelled as such.
        """
        given = {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
        return {**given, "lang": settings.LANGUAGE_CODE}


class LineField(_WholeField):
    """A text of one line, such as a name; line ends are removed, so that mails and letters keep their layout.

    It can be part of a letter, so signs that letters cannot show are refused, unless it is never printed.
    """

    default_validators = [refuse_unprintable]  # noqa: RUF012 -- as Django declares it

    def __init__(self, *, is_printed: bool = True, **values: Any) -> None:
        super().__init__(**values)
        if not is_printed:
            self.validators.remove(refuse_unprintable)

    def to_python(self, value: Any) -> str:
        """Return the words with one space between them."""
        return " ".join(super().to_python(value).split())


class PersonNameField(LineField):
    """The name of a person: it stands in mails to people who never asked for one, so it is no advert."""

    default_validators = [refuse_address, refuse_slogan, refuse_unprintable]  # noqa: RUF012 -- as Django declares it


class FunctionField(LineField):
    """What somebody is in an organisation: in mails to others too, but it may have a number."""

    default_validators = [refuse_address, refuse_unprintable]  # noqa: RUF012 -- as Django declares it


class NameField(LineField):
    """The name of an organisation or a coalition: no advert either, but ``Buurt.nu`` may be a name."""

    default_validators = [refuse_link, refuse_unprintable]  # noqa: RUF012 -- as Django declares it


class WebsiteField(forms.URLField):
    """The address of a website, which may be left empty and is typed as people do: www.example.nl."""

    default_error_messages: ClassVar[Any] = {
        "invalid": _("Type a web address, for example www.example.nl, or empty this.")
    }

    def __init__(self) -> None:
        super().__init__(
            label=_("Website"), required=False, max_length=200, assume_scheme="https", widget=forms.TextInput
        )

    def clean(self, value: Any) -> str:
        """Refuse what leads elsewhere than it reads: a name before the host, and a host that is no name (rule 33)."""
        address: str = super().clean(value)
        host = urlsplit(address).hostname or ""
        is_named = any(each.isalpha() for each in host.rpartition(".")[2]) and ":" not in host
        if address and ("@" in urlsplit(address).netloc or "." not in host or not is_named):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class AddressField(forms.EmailField):
    """An e-mail address to which mail can be sent (rule 28)."""

    def clean(self, value: Any) -> str:
        """Refuse a domain that no mail server can be asked for."""
        address: str = super().clean(value)
        if address:
            refuse_undeliverable(address)
        return address


class PlainTextField(_WholeField):
    """A text of several lines, kept as it was typed; only the line ends are made one kind.

    Signs that letters cannot show are kept too, since a long text has to be saved; of a text that is printed they are
    said at the field.
    """

    widget = forms.Textarea

    def __init__(self, *, is_printed: bool = False, **values: Any) -> None:
        super().__init__(**{"strip": False, **values})
        self.is_printed = is_printed

    def remark(self, text: Any) -> str:
        """Return a sentence about signs in a text that letters cannot show; empty without any (rule 33)."""
        return lacking_in_words(visible(str(text or ""))) if self.is_printed else ""

    def to_python(self, value: Any) -> str:
        """Return the text with the line ends that the database keeps."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
