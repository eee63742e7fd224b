"""Confirming an address opens no account whose password somebody else chose (rules 27 and 28)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.accounts.views import MOST_PASSWORDS
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD, UserFactory, log_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db

THEIRS = "noor@vereniging.example"
OWN_PASSWORD = "een ander lang wachtwoord hier"


def sign_up(client: Client, password: str = PASSWORD) -> None:
    """Register with Noor's address."""
    typed = {"full_name": "Noor de Wit", "email": THEIRS, "password1": password, "password2": password}
    assert client.post(reverse("account_signup"), typed).status_code == 302


def mailed_link(page: str = "confirm-email") -> str:
    """Return the link of the last mail to Noor that leads to such a page."""
    found = [
        re.search(rf"/account/\S*{page}/\S+", each.body)
        for each in OutgoingMail.objects.filter(recipient=THEIRS)
    ]
    return [each[0] for each in found if each][-1]


def is_confirmed() -> bool:
    """Tell whether Noor's address counts as confirmed."""
    return EmailAddress.objects.filter(email=THEIRS, verified=True).exists()


def can_log_in(password: str) -> bool:
    """Tell whether somebody gets in with a password, in a browser of their own."""
    client = Client()
    client.post(reverse("account_login"), {"login": THEIRS, "password": password})
    return "_auth_user_id" in client.session


def confirm(client: Client, **typed: str) -> HttpResponse:
    """Press the button on the page that the mail leads to."""
    return client.post(mailed_link(), typed)


def test_who_reads_the_mailbox_does_not_open_the_account_of_a_stranger(client: Client) -> None:
    sign_up(Client())
    link = mailed_link()
    assert 'name="password"' in client.get(link).content.decode()
    for typed in ({}, {"password": OWN_PASSWORD}):
        refused = confirm(client, **typed)
        assert (refused.status_code, is_confirmed()) == (422, False)
    assert "Dit is niet het wachtwoord dat is gekozen toen dit account werd gemaakt." in page_text(refused)
    assert not can_log_in(PASSWORD)


def test_who_registered_in_another_browser_types_the_password_that_they_chose(client: Client) -> None:
    sign_up(Client())
    assert confirm(client, password=PASSWORD).status_code == 302
    assert is_confirmed()
    assert can_log_in(PASSWORD)


def test_who_registered_in_this_browser_is_asked_nothing(client: Client) -> None:
    sign_up(client)
    assert 'name="password"' not in client.get(mailed_link()).content.decode()
    assert confirm(client).status_code == 302
    assert is_confirmed()


def test_who_registers_an_address_that_a_stranger_registered_confirms_nothing_of_theirs(
    client: Client,
) -> None:
    sign_up(Client())
    cache.clear()
    sign_up(client, OWN_PASSWORD)
    assert confirm(client, password=OWN_PASSWORD).status_code == 422
    assert not is_confirmed()


def test_who_reads_the_mailbox_takes_the_account_with_a_new_password(client: Client) -> None:
    sign_up(Client())
    assert reverse("account_reset_password") in client.get(mailed_link()).content.decode()
    client.post(reverse("account_reset_password"), {"email": THEIRS})
    page = client.get(mailed_link("password/reset/key"), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": OWN_PASSWORD, "password2": OWN_PASSWORD})
    assert confirm(client, password=PASSWORD).status_code == 422
    assert confirm(client, password=OWN_PASSWORD).status_code == 302
    assert (can_log_in(PASSWORD), can_log_in(OWN_PASSWORD)) == (False, True)


def test_an_address_that_is_added_is_confirmed_without_the_password() -> None:
    owner = UserFactory.create()
    own = log_in(Client(), owner)
    own.post(reverse("account_email"), {"action_add": "", "email": THEIRS})
    assert 'name="password"' not in own.get(mailed_link()).content.decode()
    assert confirm(own).status_code == 302
    assert User.objects.get(emailaddress__email=THEIRS, emailaddress__verified=True) == owner


def test_opening_a_link_logs_nobody_out() -> None:
    """Rule 32: it may come from somebody else, and what they typed on this device would be gone."""
    sign_up(Client())
    reader = log_in(Client(), UserFactory.create())
    opened = reader.get(mailed_link())
    assert (opened.status_code, opened.has_header("Clear-Site-Data")) == (200, False)
    assert "_auth_user_id" in reader.session


def test_the_password_is_tried_only_so_often() -> None:
    """Each try costs a hash, and may be a guess."""
    sign_up(Client())
    link, stranger = mailed_link(), Client()
    answers = [
        stranger.post(link, {"password": f"geraden {number}"}).status_code
        for number in range(MOST_PASSWORDS + 1)
    ]
    assert answers == [422] * MOST_PASSWORDS + [429]
