"""Names that are no adverts (rule 33)."""

import pytest
from django.core.exceptions import ValidationError

from hubportal.accounts.forms import NameForm
from hubportal.forms import FunctionField, PersonNameField
from hubportal.kernel.names import refuse_address, refuse_link, without_links


@pytest.mark.parametrize(
    "name",
    [
        "Win 1000 euro: https://spam.example/x",
        "Gratis telefoon: https://spam.example/win",
        "WWW.spam.example",
        "open spam.example/login",
        "mailto:iemand@spam.example",
        "Noor (noor@spam.example)",
        # Other words in the subject of a mail (RFC 2047).
        "=?utf-8?q?Ga_naar_spam=2Eexample?= BV",
    ],
)
def test_a_link_is_no_part_of_any_name(name: str) -> None:
    """Rule 33."""
    for refuse in (refuse_link, refuse_address):
        with pytest.raises(ValidationError, match="Laat webadressen en e-mailadressen weg"):
            refuse(name)


@pytest.mark.parametrize(
    "name",
    [
        "Win bij spam.example",
        "klant van SPAM.NL",
        "bit.ly",
        "Spam.de",
        "spam.de Vries",
        "Spam.de korting voor u",
        "Spam.de Nu Alles Gratis",
        "Spam.de/Vries",
        "Spam.nl Vries",
    ],
)
def test_a_bare_domain_is_no_part_of_the_name_of_a_person(name: str) -> None:
    """Rule 33."""
    with pytest.raises(ValidationError):
        refuse_address(name)


@pytest.mark.parametrize(
    "name",
    [
        "Th. A. de Vries-B.V.",
        "St. Anna",
        "J.van Dam",
        "Dr.Jansen",
        "Jan.de Vries",
        "Th.de Vries",
        "Joh.van der Berg-Smit",
        "Élodie.de la Fontaine",
        "A.B.de Vries Jansen",
        "mr.dr. A.B. Ess",
        "D'Angelo, M.Sc.",
        "\u674e",
    ],
)
def test_a_name_with_dots_is_a_name(name: str) -> None:
    refuse_link(name)
    refuse_address(name)


@pytest.mark.parametrize(
    "name",
    [
        "Bel 0900 1234567",
        "Uw subsidie vervalt!",
        "Weet u dit al?",
        "Let op: bel ons",
        "Vandaag; niet morgen",
        "Het Programmabureau",
        "helpdesk",
        "Bel \u0660\u0661",
    ],
)
def test_a_telephone_number_or_what_calls_out_is_no_part_of_the_name_of_a_person(name: str) -> None:
    """Rule 33: it stands in mails to people who do not know who typed it."""
    for clean in (PersonNameField().clean, NameForm.base_fields["full_name"].clean):
        with pytest.raises(ValidationError, match="Schrijf alleen de naam van een persoon"):
            clean(name)
    assert FunctionField().clean("Teamleider 2") == "Teamleider 2"


@pytest.mark.parametrize("name", ["Buurt.nu", "Zorg@Home", "De Brug: samen sterk"])
def test_an_organisation_may_be_called_so(name: str) -> None:
    refuse_link(name)


@pytest.mark.parametrize(
    ("name", "mailed"),
    [
        ("Stichting Buurt.nu", "Stichting Buurt.\u2060nu"),
        ("https://spam.example", "https:\u2060//spam.\u2060example"),
        ("Th. A. de Vries-B.V.", "Th. A. de Vries-B.V."),
    ],
)
def test_mails_make_no_link_of_a_name(name: str, mailed: str) -> None:
    """Rule 33."""
    assert without_links(name) == mailed
