"""Fields that several apps ask."""

import pytest
from django import forms
from django.urls import get_resolver

from hubportal.forms import LineField, PlainTextField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Stichting   De Brug ", "Stichting De Brug"),
        ("De Brug\r\n\r\nKlik hier: http://elders.example", "De Brug Klik hier: http://elders.example"),
        ("Noor\tde\x0bWit\u2028", "Noor de Wit"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_line_has_no_line_ends(typed: str | None, kept: str) -> None:
    """Rule 33."""
    assert LineField(required=False).clean(typed) == kept


@pytest.mark.parametrize("field", [LineField, PlainTextField])
def test_what_is_too_long_is_refused_and_not_cut_by_the_browser(field: type[forms.CharField]) -> None:
    text = field(max_length=10)
    assert "maxlength" not in text.widget.attrs
    assert text.clean("w" * 10) == "w" * 10
    with pytest.raises(forms.ValidationError) as refusal:
        text.clean("w" * 11)
    assert refusal.value.messages == [
        "Deze tekst heeft 11 tekens; er is plaats voor 10. Maak de tekst korter."
    ]


def test_every_text_of_one_line_that_is_kept_takes_no_line_ends() -> None:
    """What goes into mails and letters comes through these fields; the rest searches or compares."""
    assert get_resolver().url_patterns  # all forms are imported by the pages that use them
    searching = {"zoek", "where", "code", "seen_digest"}
    plain = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _forms_of_the_project(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field) is forms.CharField
        and isinstance(field.widget, forms.TextInput)
        and not isinstance(field.widget, forms.PasswordInput)
        and name not in searching
    }
    # Layers forbid accounts to import the field; the form puts the name on one line itself.
    assert plain == {"hubportal.accounts.forms.SignupForm.full_name"}


def _forms_of_the_project(base: type) -> set[type]:
    found = {each for child in base.__subclasses__() for each in {child, *_forms_of_the_project(child)}}
    return {
        each for each in found if not each.__module__.startswith(("allauth", "django", "crispy", "tests"))
    }
