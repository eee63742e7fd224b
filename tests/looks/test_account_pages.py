"""Pages about one's own account, as allauth serves them in the portal's look."""

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from tests.factories.accounts import PASSWORD, person
from tests.looks.markup import Page, read

pytestmark = pytest.mark.django_db

FOR_VISITORS = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
]
FOR_PEOPLE = [
    "account_name",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
]


@pytest.fixture
def somebody() -> User:
    """Return somebody with a confirmed address."""
    return person()


@pytest.fixture
def logged_in(client: Client, somebody: User) -> Client:
    """Return the browser of somebody who has just typed the password."""
    client.post(reverse("account_login"), {"login": somebody.email, "password": PASSWORD})
    return client


def page_at(client: Client, name: str) -> Page:
    response = client.get(reverse(name))
    assert response.status_code == 200
    return read(response.content.decode())


def assert_in_our_look(page: Page) -> None:
    assert len(page.all("h1")) == 1
    assert page.one("main").attributes["id"] == "main"
    assert [each.attributes["src"] for each in page.all("script") if "src" not in each.attributes] == []
    buttons = [each for each in page.all("button") if each.inside("main")]
    assert [each.words for each in buttons if "utrecht-button" not in each.attributes["class"]] == []
    assert sorted(page.ids()) == sorted(set(page.ids()))


@pytest.mark.parametrize("name", FOR_VISITORS)
def test_page_for_visitors_is_in_our_look(client: Client, name: str) -> None:
    assert_in_our_look(page_at(client, name))


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_page_for_people_who_are_logged_in_is_in_our_look(logged_in: Client, name: str) -> None:
    assert_in_our_look(page_at(logged_in, name))


def test_second_factor_is_set_up_with_a_square_that_has_its_key_as_text(logged_in: Client) -> None:
    logged_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = page_at(logged_in, "mfa_activate_totp")
    assert_in_our_look(page)
    assert page.one("img").attributes["src"].startswith("data:image/svg+xml")
    assert page.one("code").words.isalnum()


def test_wrong_password_is_said_above_the_form(client: Client, somebody: User) -> None:
    response = client.post(reverse("account_login"), {"login": somebody.email, "password": "iets-anders"})
    page = read(response.content.decode())
    assert len(page.one("div", class_name="hub-error-summary").words) > 0


def test_link_to_confirm_an_address_that_is_worn_out_says_so(client: Client) -> None:
    response = client.get(reverse("account_confirm_email", args=["worn-out"]))
    page = read(response.content.decode())
    assert_in_our_look(page)
    assert page.one("a", class_name="utrecht-button").attributes["href"] == reverse("account_email")
