"""Registering, and what allauth says and mails in our words (rule 25)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD, UserFactory, log_in, person
from tests.journeys.authenticator import AuthenticatorApp
from tests.pages import page_text

pytestmark = pytest.mark.django_db

INFORMAL = re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE)


def sign_up(client: Client, email: str, **changes: str) -> None:
    """Register with a name, an address and a password."""
    typed = {"full_name": "Noor de Wit", "email": email, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_signup"), {**typed, **changes}).status_code == 302


def mail_to(email: str) -> OutgoingMail:
    """Return the one mail to an address."""
    return OutgoingMail.objects.get(recipient=email)


def test_who_registers_is_mailed_a_link_in_plain_words(client: Client) -> None:
    sign_up(client, "noor@vereniging.example")
    mail = mail_to("noor@vereniging.example")
    assert mail.subject == "Bevestig uw e-mailadres"
    lines = mail.body.strip().splitlines()
    assert lines[0] == "Beste Noor de Wit,"
    assert lines[2] == "Bevestig met deze link dat dit uw e-mailadres is:"
    assert "/account/confirm-email/" in lines[4]
    assert client.get(lines[4]).status_code == 200


def test_a_name_with_line_ends_is_one_line_in_the_mail(client: Client) -> None:
    sign_up(client, "noor@vereniging.example", full_name="Noor\r\n\r\nhttp://elders.example")
    assert mail_to("noor@vereniging.example").body.splitlines()[0] == "Beste Noor http://elders.example,"


def test_a_short_password_is_refused_in_dutch(client: Client) -> None:
    refused = client.post(
        reverse("account_signup"),
        {"full_name": "Noor", "email": "noor@vereniging.example", "password1": "kort", "password2": "kort"},
    )
    assert refused.context["form"].errors == {"password1": ["Kies een wachtwoord van minstens 12 tekens."]}


def test_who_has_an_account_already_is_told_by_mail_only(client: Client) -> None:
    user = UserFactory.create()
    sign_up(client, user.email)
    mail = mail_to(user.email)
    assert mail.subject == "U hebt al een account"
    assert reverse("account_reset_password") in mail.body
    assert User.objects.count() == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_a_new_password_is_asked_by_mail(client: Client, is_known: bool) -> None:
    email = UserFactory.create().email if is_known else "niemand@vereniging.example"
    assert client.post(reverse("account_reset_password"), {"email": email}).status_code == 302
    subject = "Kies een nieuw wachtwoord" if is_known else "Er is geen account met dit e-mailadres"
    assert mail_to(email).subject == subject
    assert not INFORMAL.search(mail_to(email).body)


def test_refusals_of_accounts_speak_as_the_rest_of_the_portal(client: Client) -> None:
    user = UserFactory.create()
    refused = client.post(reverse("account_login"), {"login": user.email, "password": "x" * 12})
    assert "Dit e-mailadres en wachtwoord horen niet bij elkaar." in page_text(refused)
    log_in(client, person(Role.REVIEWER), second_factor=False)
    asked = client.post(reverse("account_reauthenticate"), {"password": "x" * 12})
    assert "Dit wachtwoord klopt niet." in page_text(asked)
    shown = page_text(client.get(reverse("mfa_reauthenticate")))
    assert "Gebruik uw wachtwoord" in shown
    assert not INFORMAL.search(shown)


@pytest.mark.django_db(transaction=True)
def test_the_code_that_switches_the_second_factor_on_counts_as_using_it(client: Client) -> None:
    user = person(Role.REVIEWER)
    user.authenticator_set.all().delete()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    page = client.get("/start/", follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))
    app = AuthenticatorApp(page.context["form"].secret)
    activated = client.post(page.request["PATH_INFO"], {"code": app.code()})
    assert activated.status_code == 302
    assert client.get("/start/").status_code == 200
    assert client.get("/beheer/").status_code == 200
