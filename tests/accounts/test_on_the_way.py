"""Where somebody was going survives registering, also in another browser, and the link to confirm is sent again."""

import re

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hubportal.accounts.mail_limits import MOST_MAILS_BY_ONE_NETWORK
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD, UserFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db

THEIRS, SENT = "noor@vereniging.example", "account_email_verification_sent"
WANTED = "/coalities/starten/?region=arnhem&then=application"


def sign_up(client: Client, email: str = THEIRS, wanted: str = WANTED) -> HttpResponse:
    """Register on the way to a page."""
    typed = {"full_name": "Noor de Wit", "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), {**typed, "next": wanted}, follow=True)


def links() -> list[str]:
    """Return the links in the mails to Noor, without the portal's own address, oldest first."""
    bodies = OutgoingMail.objects.filter(recipient=THEIRS).order_by("pk").values_list("body", flat=True)
    return [re.findall(r"https?://[^/\s]+(/account/confirm-email/\S+)", each)[0] for each in bodies]


def test_who_confirms_in_the_same_browser_arrives_where_they_were_going(client: Client) -> None:
    sign_up(client)
    [link] = links()
    assert client.post(link)["Location"] == WANTED
    # Without logging in once more.
    assert client.get(reverse("account_email")).status_code == 200


def test_who_confirms_in_another_browser_arrives_there_after_logging_in(client: Client) -> None:
    sign_up(client)
    phone = Client()
    page = phone.get(links()[0])
    sent = {"password": PASSWORD, "next": page.context["redirect_field_value"]}
    assert (
        phone.post(reverse("account_confirm_email", args=[page.context["confirmation"].key]), sent)[
            "Location"
        ]
        == WANTED
    )
    assert phone.get(WANTED)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("elsewhere", ["https://elders.example/", "//elders.example/", "javascript:alert(1)"])
def test_a_link_leads_to_no_other_website(client: Client, elsewhere: str) -> None:
    sign_up(client, wanted=elsewhere)
    assert "elders" not in links()[0]
    assert "next" not in links()[0]


def test_the_link_is_sent_again_to_who_registered_in_this_browser(client: Client) -> None:
    page = sign_up(client)
    assert f"De e-mail ging naar {THEIRS}." in page_text(page)
    # At once a second time, it is on its way.
    early = client.post(reverse(SENT), follow=True)
    assert "We hebben de e-mail zojuist al gestuurd." in page_text(early)
    cache.clear()
    client.post(reverse(SENT))
    first, again = links()
    assert again.endswith("?next=%2Fcoalities%2Fstarten%2F%3Fregion%3Darnhem%26then%3Dapplication")
    assert client.post(again)["Location"] == WANTED
    assert first


def test_sending_again_tells_nobody_whether_an_address_has_an_account(client: Client) -> None:
    """Rule 26."""
    user = UserFactory.create()
    answers = []
    for email in (user.email, THEIRS):
        browser = Client()
        pages = [sign_up(browser, email)]
        cache.clear()
        pages.append(browser.post(reverse(SENT), follow=True))
        answers.append([page_text(each).replace(email, "") for each in pages])
        cache.clear()
    assert answers[0] == answers[1]
    assert OutgoingMail.objects.filter(recipient=user.email).count() == 2
    assert OutgoingMail.objects.filter(recipient=THEIRS).count() == 2


def test_a_browser_in_which_nobody_registered_sends_nothing(client: Client) -> None:
    sign_up(Client())
    assert client.post(reverse(SENT))["Location"] == reverse("account_login")
    assert "Stuur de e-mail opnieuw" not in page_text(client.get(reverse(SENT)))
    assert len(links()) == 1


def test_sending_again_is_bounded_as_all_mails_that_anybody_has_sent(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client)
    # Without the pause between two.
    monkeypatch.setattr(
        "allauth.account.internal.flows.email_verification.handle_verification_email_rate_limit",
        lambda *_asked, **_how: True,
    )
    for _time in range(MOST_MAILS_BY_ONE_NETWORK + 2):
        client.post(reverse(SENT))
    assert len(links()) == 1 + MOST_MAILS_BY_ONE_NETWORK
