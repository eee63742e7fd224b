"""Logging in by a code that is mailed: in one browser, a few tries, and into no account of which nobody knows whose it is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.mail_limits import MOST_MAILS, MOST_MAILS_BY_ONE_NETWORK
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory, person
from tests.pages import page_text

pytestmark = pytest.mark.django_db

ASK, ENTER = "account_request_login_code", "account_confirm_login_code"
WRONG = "0000-0000"


def ask(client: Client, email: str, network: str = "192.0.2.7", **more: str) -> HttpResponse:
    """Ask for a code."""
    return client.post(reverse(ASK), {"email": email, **more}, REMOTE_ADDR=network)


def mailed_code(email: str) -> str:
    """Return the code in the last mail to an address."""
    mail = OutgoingMail.objects.filter(recipient=email, kind="login_code").latest("pk")
    [code] = re.findall(r"^\d{4}-\d{4}$", mail.body, re.MULTILINE)
    return str(code)


def enter(client: Client, code: str) -> HttpResponse:
    """Enter a code."""
    return client.post(reverse(ENTER), {"code": code})


def who_is_in(client: Client) -> str:
    """Return who is logged in, if anybody."""
    return str(client.session.get("_auth_user_id", ""))


def test_the_code_of_the_mail_lets_in_and_leads_on(client: Client) -> None:
    user = UserFactory.create()
    asked = ask(client, user.email.upper(), next="/help/")
    assert asked["Location"] == f"{reverse(ENTER)}?next=%2Fhelp%2F"
    page = client.get(asked["Location"])
    assert f"We hebben een e-mail gestuurd naar {user.email}." in page_text(page)
    code = mailed_code(user.email)
    # Without the dash, as some type it.
    answer = client.post(reverse(ENTER), {"code": code.replace("-", " "), "next": "/help/"})
    assert (answer["Location"], who_is_in(client)) == ("/help/", str(user.pk))
    # It works once.
    assert enter(Client(), code).status_code == 302
    assert OutgoingMail.objects.get().subject == "Uw code om in te loggen"
    assert "Geef de code nooit aan iemand" in OutgoingMail.objects.get().body


def test_a_code_does_not_work_in_another_browser(client: Client) -> None:
    user, other = UserFactory.create(), Client()
    ask(client, user.email)
    code = mailed_code(user.email)
    assert enter(other, code)["Location"] == reverse(ASK)
    ask(other, "iemand-anders@voorbeeld.example")
    assert enter(other, code).status_code == 200
    assert (who_is_in(other), who_is_in(client)) == ("", "")


def test_nobody_learns_whether_an_address_has_an_account(client: Client) -> None:
    """Rule 26."""
    user, nobody = UserFactory.create(), "niemand@voorbeeld.example"
    pages = []
    for email in (user.email, nobody):
        browser = Client()
        asked = ask(browser, email)
        answers = [enter(browser, WRONG) for _try in range(3)]
        after = browser.get(reverse(ENTER))
        pages.append(
            [
                asked["Location"],
                *(page_text(each).replace(email, "") for each in answers[:2]),
                *(each["Location"] for each in (answers[2], after)),
            ]
        )
    assert pages[0] == pages[1]
    assert "Deze code klopt niet" in pages[0][1]
    kinds = OutgoingMail.objects.order_by("pk").values_list("recipient", "kind")
    assert list(kinds) == [(user.email, "login_code"), (nobody, "unknown_account")]


def test_after_three_tries_the_right_code_lets_nobody_in(client: Client) -> None:
    user = UserFactory.create()
    ask(client, user.email)
    code = mailed_code(user.email)
    for _try in range(3):
        enter(client, WRONG)
    assert enter(client, code)["Location"] == reverse(ASK)
    assert who_is_in(client) == ""


def test_tries_that_come_in_at_once_are_counted_all(client: Client) -> None:
    """A session that several requests read at once counts the last of them only."""
    user = UserFactory.create()
    ask(client, user.email)
    code, state = mailed_code(user.email), dict(client.session.items())
    for _try in range(3):
        enter(client, WRONG)
        session = client.session
        session.update(state)
        session.save()
    answer = enter(client, code)
    assert (answer.status_code, who_is_in(client)) == (200, "")


def test_a_code_works_for_a_quarter_of_an_hour(client: Client) -> None:
    user, at = UserFactory.create(), datetime(2024, 5, 1, 12, tzinfo=UTC)
    with time_machine.travel(at, tick=False) as clock:
        ask(client, user.email)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert enter(client, mailed_code(user.email))["Location"] == reverse(ASK)
    assert who_is_in(client) == ""


def test_a_new_code_takes_the_place_of_the_one_before_and_gives_no_more_tries(client: Client) -> None:
    user = UserFactory.create()
    ask(client, user.email)
    first = mailed_code(user.email)
    enter(client, WRONG)
    client.post(reverse(ENTER), {"action": "resend"})
    second = mailed_code(user.email)
    assert first != second
    enter(client, first)
    assert enter(client, WRONG)["Location"] == reverse(ASK)
    assert who_is_in(client) == ""


def test_a_code_confirms_no_account_that_somebody_else_made(client: Client) -> None:
    """Who registers with an address of somebody else chose the password of that account (rule 27)."""
    user = UserFactory.create()
    EmailAddress.objects.filter(user=user).update(verified=False)
    other = UserFactory.create()
    EmailAddress.objects.create(user=other, email="tweede@voorbeeld.example", verified=False)
    for email in (user.email, "tweede@voorbeeld.example"):
        ask(client, email)
        client.post(reverse("account_logout"))
    assert set(OutgoingMail.objects.values_list("kind", flat=True)) == {"unknown_account"}
    assert not EmailAddress.objects.filter(email=user.email, verified=True).exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_a_second_address_that_was_confirmed_lets_in_who_may_log_in(client: Client, is_active: bool) -> None:
    email = "tweede@voorbeeld.example"
    user = UserFactory.create(is_active=is_active)
    EmailAddress.objects.create(user=user, email=email, verified=True)
    ask(client, email)
    [kind] = OutgoingMail.objects.values_list("kind", flat=True)
    assert kind == ("login_code" if is_active else "unknown_account")
    if is_active:
        enter(client, mailed_code(email))
        assert who_is_in(client) == str(user.pk)


def test_the_code_goes_to_the_address_as_it_was_confirmed(client: Client) -> None:
    """A sign that only becomes the other in capitals is another mailbox."""
    user = UserFactory.create(email="mike@voorbeeld.example")
    for spelled in ("m\u0131ke@voorbeeld.example", "mi\u212ae@voorbeeld.example"):
        ask(Client(), spelled)
    recipients = OutgoingMail.objects.filter(kind="login_code").values_list("recipient", flat=True)
    assert set(recipients) <= {user.email}


def test_a_role_is_asked_its_second_factor_after_the_code(client: Client) -> None:
    user = person(Role.OFFICER)
    ask(client, user.email)
    assert enter(client, mailed_code(user.email))["Location"] == reverse("mfa_authenticate")
    assert who_is_in(client) == ""
    assert client.get("/beheer/").status_code == 302


def test_who_was_talked_out_of_a_code_loses_no_account_by_it(client: Client) -> None:
    """A code is no password: what takes an account over is asked for after it."""
    user = UserFactory.create()
    ask(client, user.email)
    enter(client, mailed_code(user.email))
    for name in ("mfa_activate_totp", "account_email"):
        sent = {"action_add": "", "email": "nieuw@voorbeeld.example"}
        answer = client.post(reverse(name), sent)
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="nieuw@voorbeeld.example").exists()


def _code_works(user: User, network: str) -> bool:
    """Ask for a code, and tell whether one is right."""
    client = Client()
    ask(client, user.email, network)
    state = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    return bool(state.get("code"))


def test_a_mailbox_is_mailed_a_few_codes_a_day_and_a_code_that_was_not_mailed_is_never_right() -> None:
    user = UserFactory.create()
    worked = [_code_works(user, "192.0.2.7") for _time in range(MOST_MAILS_BY_ONE_NETWORK + 2)]
    assert worked == [True] * MOST_MAILS_BY_ONE_NETWORK + [False] * 2
    assert set(OutgoingMail.objects.values_list("kind", flat=True)) == {"login_code"}
    # By somebody else, elsewhere: until all networks together asked enough.
    assert _code_works(user, "198.51.100.7")
    for number in range(MOST_MAILS):
        ask(Client(), user.email.replace("@", "+a@"), f"203.0.{number}.7")
    assert not _code_works(user, "198.51.100.9")
    # A link to choose a new password is mailed all the same.
    Client().post(reverse("account_reset_password"), {"email": user.email})
    assert OutgoingMail.objects.filter(recipient=user.email, kind="password_reset_key").count() == 1


def test_one_network_asks_for_codes_of_many_a_few_times_a_minute() -> None:
    cache.clear()
    for number in range(20):
        ask(Client(), f"nr-{number}@voorbeeld.example")
    assert OutgoingMail.objects.count() == 20
    answer = ask(Client(), "nr-20@voorbeeld.example")
    assert (answer.status_code, OutgoingMail.objects.count()) == (200, 20)
