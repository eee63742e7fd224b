"""The forms that take what a passkey answered."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from hubportal.accounts.second_factor import may_switch_on, too_late_to_switch_on
from hubportal.documents.domain.glyphs import refuse_unprintable
from hubportal.kernel import clock
from hubportal.kernel.names import refuse_address
from hubportal.kernel.text import visible

# What reading something else than an answer of a browser may raise.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


_REFUSED = _("This passkey was not accepted. Try again, or choose another way.")


@contextmanager
def _said_our_way() -> Iterator[None]:
    """Say that a passkey was refused, where allauth speaks of a code, and where what was sent cannot be read."""
    try:
        yield
    except ValidationError as refusal:
        raise ValidationError(_REFUSED) if refusal.code == "incorrect_code" else refusal from refusal
    except _UNREADABLE as problem:
        raise ValidationError(_REFUSED) from problem


def _check_origin(answer: Any) -> None:
    """Refuse an answer that a browser gave to another page than ours, also one of a name below it: it could be somebody else's."""
    said = json.loads(websafe_decode(answer["response"]["clientDataJSON"]))
    # That it is reached safely is asked by the library.
    if urlsplit(said["origin"]).netloc != context.request.get_host():
        raise ValidationError(_REFUSED)


# An answer of a browser has some thousands of signs.
_LONGEST = 100_000


class _AnswerField(forms.JSONField):
    """What a browser answered for a passkey; anything else is refused in words, also numbers and depths that cannot be read."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, error_messages={"required": _REFUSED, "invalid": _REFUSED})

    def to_python(self, value: Any) -> Any:
        """Return the answer."""
        if len(str(value or "")) > _LONGEST:
            raise ValidationError(_REFUSED, code="invalid")
        try:
            return super().to_python(value)
        except (*_UNREADABLE, RecursionError) as problem:
            raise problem if isinstance(problem, ValidationError) else ValidationError(_REFUSED) from problem

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show nothing of it again: the browser is asked anew."""
        return initial


class _NameField(forms.CharField):
    """The name by which somebody knows a passkey again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Name of this passkey"),
            help_text=_("For yourself, to tell your passkeys apart. For example: laptop of work."),
            max_length=60,
            validators=[refuse_address, refuse_unprintable],
            **options,
        )

    def to_python(self, value: object) -> str:
        """Put the name on one line."""
        return " ".join(visible(str(super().to_python(value))).split())


class AddPasskeyForm(AddWebAuthnForm):
    """Adds a passkey: always one that opens by finger, face or PIN, so that it is a second factor by itself."""

    name = _NameField(required=False)
    credential = _AnswerField()
    passwordless = None  # type: ignore[assignment]  # Django's way to leave a field out.

    def clean(self) -> dict[str, Any]:
        """Take in what the browser made, in time."""
        if not may_switch_on(context.request, self.user, at=clock.now()):
            raise too_late_to_switch_on()
        if "credential" in self.errors:
            raise ValidationError(_REFUSED)
        with _said_our_way():
            _check_origin(self.cleaned_data["credential"])
            return dict(super().clean())


class NamePasskeyForm(EditWebAuthnForm):
    """Names a passkey anew."""

    name = _NameField()


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as second factor, after the password."""

    credential = _AnswerField()

    def clean_credential(self) -> Authenticator:
        """Refuse what no browser answers."""
        with _said_our_way():
            _check_origin(self.cleaned_data["credential"])
            return super().clean_credential()


class PasskeyLoginForm(PasskeyForm, LoginWebAuthnForm):
    """A passkey in the place of address and password."""


class PasskeyAgainForm(PasskeyForm, ReauthenticateWebAuthnForm):
    """A passkey that is asked again before something weighty."""
