"""Registering, and what allauth says and mails in our words (rule 25)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.signup_form import RegistrationForm
from hubportal.kernel import clock
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
    assert lines[0] == "Beste lezer,"
    assert lines[2] == "Bevestig met deze link dat dit uw e-mailadres is:"
    assert "/account/confirm-email/" in lines[4]
    assert client.get(lines[4]).status_code == 200


def test_what_somebody_calls_themselves_is_not_mailed_to_an_address_that_nobody_confirmed(
    client: Client,
) -> None:
    """Rule 33: it would be a sentence of a stranger, in our name."""
    sign_up(client, "noor@vereniging.example", full_name="Klant. U krijgt geld terug")
    mail = mail_to("noor@vereniging.example")
    assert ("500 euro" in mail.body, mail.body.splitlines()[0]) == (False, "Beste lezer,")


@pytest.mark.parametrize(
    "domain", ["localhost", "[10.0.0.5]", "[IPv6:::1]", "mail.", "localhost.localdomain", "Host.LOCAL"]
)
def test_no_mail_goes_to_machines_inside(client: Client, domain: str) -> None:
    """Rule 28: nor does such an address pass for another mailbox."""
    typed = {
        "full_name": "Noor de Wit",
        "email": f"root@{domain}",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert client.post(reverse("account_signup"), typed).status_code == 200
    assert not OutgoingMail.objects.exists()


def test_an_address_to_which_no_mail_goes_is_refused(client: Client) -> None:
    """Rule 28: mail to it would reach the mailbox of demo.example."""
    email = "noor@de\u1806mo.example"
    typed = {"full_name": "Noor", "email": email, "password1": PASSWORD, "password2": PASSWORD}
    refused = client.post(reverse("account_signup"), typed)
    told = "Naar dit adres kunnen wij geen e-mail sturen. Kijk na of het goed is geschreven."
    assert refused.context["form"].errors == {"email": [told]}
    mine = log_in(client, UserFactory.create())
    added = mine.post(reverse("account_email"), {"action_add": "", "email": email})
    assert told in page_text(added)
    assert EmailAddress.objects.filter(email=email).count() == OutgoingMail.objects.count() == 0


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


def test_registering_twice_at_once_makes_one_account_and_no_fault(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = "noor@vereniging.example"
    save = RegistrationForm.save

    def save_after_the_other_request(form: RegistrationForm, request: Any) -> Any:
        UserFactory.create(email=email.upper())
        return save(form, request)

    monkeypatch.setattr(RegistrationForm, "save", save_after_the_other_request)
    sign_up(client, email)
    assert User.objects.filter(email__iexact=email).count() == 1


def test_registering_twice_is_mailed_the_link_to_confirm_whichever_comes_first(client: Client) -> None:
    user = UserFactory.create()
    EmailAddress.objects.filter(user=user).update(verified=False)
    # The other request has made the account, and has not mailed yet.
    sign_up(client, user.email)
    assert mail_to(user.email).subject == "Bevestig uw e-mailadres"


def test_whoever_registers_an_address_that_waits_with_another_password_gets_no_link(client: Client) -> None:
    """Confirming would open an account whose password somebody else chose."""
    user = UserFactory.create()
    EmailAddress.objects.filter(user=user).update(verified=False)
    other = "een ander lang wachtwoord hier"
    sign_up(client, user.email, password1=other, password2=other)
    assert mail_to(user.email).subject == "U hebt al een account"


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
    log_in(client, user)
    asked = client.post(reverse("account_reauthenticate"), {"password": "x" * 12})
    assert "Dit wachtwoord klopt niet." in page_text(asked)


def test_who_has_a_second_factor_is_offered_no_password_instead(client: Client) -> None:
    log_in(client, person(Role.REVIEWER), second_factor=False)
    shown = page_text(client.get(reverse("mfa_reauthenticate")))
    assert "een code uit uw authenticator-app" in shown
    assert "wachtwoord" not in shown
    assert not INFORMAL.search(shown)


@pytest.mark.django_db(transaction=True)
def test_the_code_that_switches_the_second_factor_on_counts_as_using_it(client: Client) -> None:
    user = person(Role.REVIEWER)
    user.authenticator_set.all().delete()
    user.role_grants.update(granted_at=clock.now())
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    page = client.get("/start/", follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))
    app = AuthenticatorApp(page.context["form"].secret)
    activated = client.post(page.request["PATH_INFO"], {"code": app.code()})
    assert activated.status_code == 302
    assert client.get("/start/").status_code == 200
    assert client.get("/beheer/").status_code == 200
    assert [each.subject for each in OutgoingMail.objects.filter(recipient=user.email).order_by("pk")] == [
        "De extra controle bij het inloggen is aangezet"
    ]


def test_a_password_alone_switches_no_second_factor_on_for_a_role_given_long_ago(client: Client) -> None:
    user = person(Role.OFFICER)
    user.authenticator_set.all().delete()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    url = reverse("mfa_activate_totp")
    for days, status in ((29, 200), (27, 302)):
        user.role_grants.update(granted_at=clock.now() - timedelta(days=days))
        app = AuthenticatorApp(client.get(url).context["form"].secret)
        answer = client.post(url, {"code": app.code()})
        assert answer.status_code == status
    assert Authenticator.objects.filter(user=user, type="totp").count() == 1


def test_who_replaces_a_second_factor_in_the_session_that_used_it_needs_no_term(client: Client) -> None:
    user = person(Role.OFFICER)
    log_in(client, user)
    user.authenticator_set.all().delete()
    url = reverse("mfa_activate_totp")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    app = AuthenticatorApp(client.get(url).context["form"].secret)
    assert client.post(url, {"code": app.code()}).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "account_change_password",
        "account_email",
        "account_reauthenticate",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_alone_neither_sees_nor_changes_an_account_with_a_second_factor(
    client: Client, name: str, method: str
) -> None:
    """A session may be older than the second factor, or be somebody else's."""
    user = person(Role.OFFICER)
    log_in(client, user, second_factor=False)
    answer = getattr(client, method)(reverse(name))
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert user.has_second_factor
    assert client.get("/beheer/").status_code == 302


def test_switching_the_second_factor_off_asks_for_a_code_again_and_is_told(client: Client) -> None:
    user = person(Role.OFFICER)
    log_in(client, user)
    refused = client.post(reverse("mfa_deactivate_totp"))
    assert refused["Location"].startswith(reverse("mfa_reauthenticate"))
    assert user.has_second_factor


def test_the_owner_hears_of_a_changed_password(client: Client) -> None:
    user = UserFactory.create()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    typed = {"oldpassword": PASSWORD, "password1": f"{PASSWORD}-nieuw", "password2": f"{PASSWORD}-nieuw"}
    assert client.post(reverse("account_change_password"), typed).status_code == 302
    mail = mail_to(user.email)
    assert mail.subject == "Uw wachtwoord is gewijzigd"
    assert "Was u dat niet?" in mail.body


def test_an_open_session_alone_changes_no_address(client: Client) -> None:
    user = UserFactory.create()
    log_in(client, user)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 2 * 60 * 60
    session.save()
    added = {"action_add": "", "email": "nieuw@vereniging.example"}
    asked = client.post(reverse("account_email"), added)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="nieuw@vereniging.example").exists()
    # Nothing typed is lost: the change goes on after the password.
    client.post(asked["Location"], {"password": PASSWORD})
    assert EmailAddress.objects.filter(email="nieuw@vereniging.example", user=user).exists()


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_from_elsewhere_lock_nobody_out(client: Client) -> None:
    user = UserFactory.create()

    def status(password: str, address: str) -> int:
        typed = {"login": user.email, "password": password}
        return client.post(reverse("account_login"), typed, REMOTE_ADDR=address).status_code

    assert [status("x" * 12, "192.0.2.1") for _each in range(6)] == [200] * 6
    assert "te vaak" in page_text(
        client.post(
            reverse("account_login"), {"login": user.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.1"
        )
    )
    assert status(PASSWORD, "192.0.2.2") == 302
