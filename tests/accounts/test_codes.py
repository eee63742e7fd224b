"""Codes of the second factor: of a moment ago too, each of them once."""

import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.kernel import clock as portal_clock
from tests.factories.accounts import PASSWORD, person
from tests.pages import page_text

pytestmark = pytest.mark.django_db

SECRET = "FICTIEF234567AAA"
# At the start of a step of half a minute.
MOMENT = 1_732_000_020


def code(step: int) -> str:
    return format_hotp_value(hotp_value(SECRET, MOMENT // 30 + step))


def officer(client: Client) -> None:
    user = person(Role.OFFICER)
    user.authenticator_set.all().delete()
    TOTP.activate(user, SECRET)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


@pytest.mark.parametrize(("step", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_step_before_or_after_is_taken(client: Client, step: int, is_taken: bool) -> None:
    with time_machine.travel(MOMENT + 2, tick=False):
        assert time.time() // 30 == MOMENT // 30
        officer(client)
        answer = client.post(reverse("mfa_authenticate"), {"code": code(step)})
    assert (answer.status_code == 302) is is_taken
    if not is_taken:
        assert "Wacht op een nieuwe code in uw app" in page_text(answer)
        assert "klok van uw telefoon op automatisch" in page_text(answer)


def test_a_code_is_taken_once_in_all_the_time_that_it_is_right(client: Client) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        officer(client)
        assert client.post(reverse("mfa_authenticate"), {"code": code(1)}).status_code == 302
        # Longer than one step later, and still right.
        clock.shift(45)
        again = client.post(reverse("mfa_reauthenticate"), {"code": code(1)})
        assert again.status_code == 200
        assert "Deze code klopt niet" in page_text(again)


def test_switching_on_takes_a_code_of_a_moment_ago(client: Client) -> None:
    with time_machine.travel(MOMENT + 2, tick=False):
        user = person(Role.REVIEWER)
        user.authenticator_set.all().delete()
        user.role_grants.update(granted_at=portal_clock.now())
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        earlier = format_hotp_value(hotp_value(secret, MOMENT // 30 - 1))
        assert client.post(reverse("mfa_activate_totp"), {"code": earlier}).status_code == 302
    assert user.has_second_factor
