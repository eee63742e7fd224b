"""Where mails of accounts lead: to the portal's own address, whatever a request calls it (rule 27)."""

import re

import pytest
from django.conf import settings
from django.test import Client

from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

# Of the same machine, but somebody else listens there.
ELSEWHERE = "testserver:8443"
TYPED = "fiets kaas wolk trein"


def _leads_to(page: str) -> bool:
    """Tell whether the one mail leads to a page, and nowhere but to the portal's own address."""
    addresses = re.findall(r"https?://\S+", OutgoingMail.objects.get().body)
    assert all(each.startswith(f"{settings.PUBLIC_ADDRESS}/") for each in addresses)
    return any(each.startswith(f"{settings.PUBLIC_ADDRESS}{page}") for each in addresses)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_new_password_is_chosen_at_our_own_address(client: Client, is_known: bool) -> None:
    email = UserFactory.create().email if is_known else "onbekend@voorbeeld.example"
    client.post("/account/password/reset/", {"email": email}, HTTP_HOST=ELSEWHERE)
    page = "/account/password/reset/key/" if is_known else "/account/signup/"
    assert _leads_to(page)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_is_confirmed_at_our_own(client: Client, is_known: bool) -> None:
    email = UserFactory.create().email if is_known else "nieuw@voorbeeld.example"
    typed = {"full_name": "Nina Nieuw", "email": email, "password1": TYPED, "password2": TYPED}
    client.post("/account/signup/", typed, HTTP_HOST=ELSEWHERE)
    page = "/account/password/reset/" if is_known else "/account/confirm-email/"
    assert _leads_to(page)
