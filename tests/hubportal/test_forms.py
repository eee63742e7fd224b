"""Fields that several apps ask."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from decisions.forms import IbanField
from hubportal.documents.domain.glyphs import refuse_unprintable
from hubportal.forms import (
    AddressField,
    KvkField,
    LineField,
    MoneyField,
    NameField,
    PersonNameField,
    PlainTextField,
    WebsiteField,
)
from hubportal.kernel.names import refuse_address, refuse_link
from hubportal.kernel.text import visible
from tests.hubportal.project_forms import fields_of_the_project


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Stichting   De Brug ", "Stichting De Brug"),
        ("De Brug\r\n\r\nKlik hier: http://elders.example", "De Brug Klik hier: http://elders.example"),
        ("Noor\tde\x0bWit\u2028", "Noor de Wit"),
        ("Sti\u00adchting\u200b \u202eDe Brug", "Stichting De Brug"),
        ("\u200b\ufeff", ""),
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


def test_every_text_that_is_kept_is_text_that_a_reader_sees() -> None:
    """Rule 33: what goes into rows comes through these fields; the rest searches or compares."""
    searching = {"zoek", "where", "code", "seen_digest", "seen", "meant", "shown_dispute"}
    plain = {
        name
        for name, field in fields_of_the_project()
        if isinstance(field, forms.CharField)
        and not isinstance(field, LineField | PlainTextField | KvkField | IbanField | forms.JSONField)
        and not isinstance(field, forms.EmailField | forms.URLField)
        and not isinstance(field.widget, forms.PasswordInput)
        and name.rpartition(".")[2] not in searching
    }
    # Layers forbid accounts to import the field; the forms put the names on one line themselves.
    # Of the form that allauth makes of it, the field for a user name is not shown.
    # The key of a line of a budget is read as a UUID, and any other is replaced.
    # What is pasted are cells, each cleaned by the field of the map that it fills.
    assert plain == {
        "applications.forms.budget.BudgetLineForm.key",
        "imports.forms.files.FileForm.pasted",
        "hubportal.accounts.forms.NameForm.full_name",
        "hubportal.accounts.forms.SignupForm.full_name",
        "hubportal.accounts.signup_form.RegistrationForm.full_name",
        "hubportal.accounts.signup_form.RegistrationForm.username",
        "hubportal.accounts.passkey_forms.AddPasskeyForm.name",
        "hubportal.accounts.passkey_forms.NamePasskeyForm.name",
    }


def test_every_address_is_one_to_which_mail_goes() -> None:
    """Rule 28."""
    addresses = [
        (place, field) for place, field in fields_of_the_project() if isinstance(field, forms.EmailField)
    ]
    # allauth's own ask its adapter.
    assert {place for place, field in addresses if not isinstance(field, AddressField)} == {
        "hubportal.accounts.login_code_forms.AskCodeForm.email",
        "hubportal.accounts.signup_form.NewPasswordForm.email",
        "hubportal.accounts.signup_form.RegistrationForm.email",
    }
    assert len(addresses) > 8
    with pytest.raises(ValidationError, match="kunnen wij geen e-mail sturen"):
        AddressField().clean("jan@de\u1806mo.example")
    assert AddressField().clean("jan@straße.example") == "jan@straße.example"


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.rijksoverheid.nl@evil.example/",
        "http://user:pw@evil.example/",
        "http://[::1]/",
        "https://127.0.0.1/",
        "http://localhost/",
        "0177.0.0.1",
    ],
)
def test_a_website_leads_where_it_reads(typed: str) -> None:
    """Rule 33: a kwartiermaker follows it, and so does everybody who reads the map."""
    with pytest.raises(forms.ValidationError):
        WebsiteField().clean(typed)
    assert WebsiteField().clean("www.buurtraad.example/over@ons") == "https://www.buurtraad.example/over@ons"
    assert WebsiteField().clean("") == ""


def test_every_name_is_no_advert() -> None:
    """Rule 33."""
    unguarded = {
        name
        for name, field in fields_of_the_project()
        if name.endswith((".name", "_name"))
        and not any(each in (refuse_link, refuse_address) for each in field.validators)
    }
    assert unguarded == set()


@pytest.mark.parametrize("field", [LineField, NameField, PersonNameField])
def test_a_line_that_letters_cannot_show_is_refused_by_naming_its_signs(field: type[LineField]) -> None:
    """Rule 33."""
    with pytest.raises(forms.ValidationError) as refusal:
        field().clean("Samen \U0001f44d \u4e2d\u6587\u4e2d")
    assert refusal.value.messages == [
        "In onze brieven kunnen \U0001f44d (U+1F44D), \u4e2d (U+4E2D), \u6587 (U+6587) niet staan. Laat dit weg of "
        "schrijf het anders."
    ]
    assert field().clean("Nguy\u1ec5n \u0110\u1eb7ng, Zoe\u0308") == "Nguy\u1ec5n \u0110\u1eb7ng, Zoe\u0308"
    assert field(is_printed=False).clean("Samen \U0001f44d") == "Samen \U0001f44d"


def test_a_long_text_is_kept_with_such_signs_and_says_so_where_it_is_printed() -> None:
    """Rule 33."""
    text = "Wat we doen: \u2d30\u2d63 en \u0e2a"
    printed = PlainTextField(is_printed=True)
    assert printed.clean(text) == text
    assert printed.remark(text) == (
        "In onze brieven kunnen \u2d30 (U+2D30), \u2d63 (U+2D63), \u0e2a (U+0E2A) niet staan. Laat dit weg of schrijf "
        "het anders."
    )
    assert (printed.remark("Wat we doen"), printed.remark(None), PlainTextField().remark(text)) == (
        "",
        "",
        "",
    )


def test_every_line_can_be_printed_but_those_that_never_reach_a_letter() -> None:
    """Rule 33."""
    fields = dict(fields_of_the_project())
    lines = {name for name, each in fields.items() if isinstance(each, LineField)}
    assert {name for name in lines if refuse_unprintable not in fields[name].validators} == {
        "applications.forms.tasks.TaskForm.what",
        "correspondence.forms.FirstMessageForm.subject",
        "decisions.forms.BankAccountForm.holder",
        "mapping.forms.agreeing.CardForm.public_contact",
        "mapping.forms.organisations.OrganisationForm.neighbourhood",
        "mapping.forms.organisations.OrganisationForm.other_names",
        "mapping.forms.organisations.OrganisationForm.public_contact",
        "mapping.forms.organisations.OrganisationForm.reaches",
        "mapping.forms.questions.QuestionForm.asked_by",
        "mapping.forms.questions.QuestionForm.target_groups",
        "mapping.forms.questions.QuestionForm.title",
        "organisations.forms.ReasonForm.reason",
        "organisations.forms.RecommendationForm.reason",
        "takeovers.forms.GrantForm.reason",
        "takeovers.forms.RefuseForm.answer",
        "takeovers.forms.RefuseForm.reason",
        "takeovers.forms.UndoForm.reason",
        "people.forms.people.PersonForm.group",
        "people.forms.people.PersonForm.phone",
        "people.forms.people.PersonForm.subjects",
        "people.forms.people.ReachForm.phone",
        "people.forms.people.WaitingForm.phone",
        "residents.forms.contacts.ContactForm.hours",
        "residents.forms.contacts.ContactForm.phone",
        "residents.forms.writing.MessageForm.phone",
        "residents.forms.writing.MessageForm.title",
        "retention.forms.TakeBackForm.reason",
    }
    printed = {name for name, each in fields.items() if isinstance(each, PlainTextField) and each.is_printed}
    assert printed == {
        "applications.forms.bringing_in.FoundSectionForm.text",
        "applications.forms.writing.SectionForm.text",
        "decisions.admin.forms.CorrectionForm.explanation",
        "decisions.admin.forms.CorrectionForm.reasons",
        "decisions.admin.forms.DecisionForm.reasons",
        "decisions.admin.forms.DecisionForm.deviation",
        "reviews.admin.forms.AdviceForm.text",
        "pictures.forms.regional.RegionalTextForm.sources",
        "pictures.forms.regional.RegionalTextForm.text",
    }
    assert refuse_unprintable in fields["hubportal.accounts.forms.SignupForm.full_name"].validators


def test_every_required_field_refuses_what_nobody_sees() -> None:
    """Rule 33."""
    for name, field in fields_of_the_project():
        if field.required and not isinstance(field, forms.FileField | forms.BooleanField):
            with pytest.raises(forms.ValidationError) as refusal:
                field.clean(visible(" \u200b\u2067\u2069\n"))
            assert refusal.value.code == "required", name


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (MoneyField(), "\u200b\u20ac\u00a012.500,00\ufeff", Decimal("12500.00")),
        (MoneyField(), "\u202f1\u00a0000\u00adEUR", Decimal("1000.00")),
        (KvkField(), "\u200e0123\u00a0\u20094567\u200b", "01234567"),
    ],
)
def test_numbers_are_read_with_the_signs_that_come_along(
    field: forms.Field, typed: str, read: object
) -> None:
    """Rule 33."""
    assert field.clean(typed) == read
