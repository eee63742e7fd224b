"""Whoever says that an address is theirs and does not confirm it, keeps nobody out and leads nobody in (rules 27 and 28)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hubportal.accounts.mail_limits import MOST_MAILS, MOST_MAILS_BY_ONE_NETWORK
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD, UserFactory, log_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db

THEIRS = "noor@vereniging.example"
TYPED = {"full_name": "Noor de Wit", "email": THEIRS, "password1": PASSWORD, "password2": PASSWORD}


def stranger_says_so(client: Client) -> User:
    """Add the address of somebody else to an account, and forget what the limit on mails remembers."""
    stranger = UserFactory.create()
    log_in(client, stranger)
    client.post(reverse("account_email"), {"action_add": "", "email": THEIRS})
    assert EmailAddress.objects.filter(user=stranger, email=THEIRS, verified=False).exists()
    cache.clear()
    return stranger


def mailed(kind: str) -> list[str]:
    """Return the addresses of pages in the mails of a kind to the mailbox, oldest first."""
    bodies = (
        OutgoingMail.objects.filter(kind=kind, recipient=THEIRS).order_by("pk").values_list("body", flat=True)
    )
    return [re.findall(r"https?://[^/\s]+(/\S+)", each)[0] for each in bodies]


def test_who_reads_a_mailbox_registers_though_a_stranger_said_that_it_is_theirs(client: Client) -> None:
    stranger_says_so(client)
    own = Client()
    assert own.post(reverse("account_signup"), TYPED).status_code == 302
    [link] = mailed("email_confirmation_signup")
    own.post(link)
    row = EmailAddress.objects.get(email=THEIRS, verified=True)
    assert (row.user.full_name, row.user.email, row.primary) == ("Noor de Wit", THEIRS, True)


def test_registering_twice_mails_the_link_again_though_a_stranger_said_that_it_is_theirs(
    client: Client,
) -> None:
    stranger_says_so(client)
    for _time in range(2):
        Client().post(reverse("account_signup"), TYPED)
        cache.clear()
    assert len(mailed("email_confirmation_signup") + mailed("email_confirmation")) == 3
    assert User.objects.filter(email=THEIRS).count() == 1


def test_a_new_password_leads_into_no_account_of_a_stranger(client: Client) -> None:
    stranger_says_so(client)
    Client().post(reverse("account_reset_password"), {"email": THEIRS})
    assert mailed("password_reset_key") == []
    assert mailed("unknown_account") == [reverse("account_signup")]


def test_a_new_password_goes_to_a_second_address_that_was_confirmed() -> None:
    EmailAddress.objects.create(user=UserFactory.create(), email=THEIRS, verified=True)
    Client().post(reverse("account_reset_password"), {"email": THEIRS})
    assert len(mailed("password_reset_key")) == 1


def test_an_address_is_added_by_who_is_logged_in_to_the_account(client: Client) -> None:
    stranger = stranger_says_so(client)
    [link] = mailed("email_confirmation")
    answer = Client().post(link, follow=True)
    assert "Log eerst in met het account waaraan dit adres is toegevoegd" in page_text(answer)
    assert not EmailAddress.objects.get(email=THEIRS).verified
    log_in(client, stranger)
    client.post(link)
    assert EmailAddress.objects.get(email=THEIRS).verified


def test_who_confirmed_an_address_uses_it_though_a_stranger_registered_with_it(client: Client) -> None:
    own = log_in(client, UserFactory.create())
    own.post(reverse("account_email"), {"action_add": "", "email": THEIRS})
    cache.clear()
    Client().post(reverse("account_signup"), TYPED)
    assert User.objects.filter(email=THEIRS).exists()
    own.post(mailed("email_confirmation")[0])
    assert own.post(reverse("account_email"), {"action_primary": "", "email": THEIRS}).status_code == 302
    assert [each.full_name != "Noor de Wit" for each in User.objects.filter(email=THEIRS)] == [True]


def test_an_account_has_few_addresses(client: Client) -> None:
    log_in(client, UserFactory.create())
    for number in range(3):
        answer = client.post(
            reverse("account_email"), {"action_add": "", "email": f"nr-{number}@vereniging.example"}
        )
    assert (
        "Een account heeft hoogstens drie e-mailadressen. Verwijder er een om een ander toe te voegen."
        in page_text(answer)
    )
    assert EmailAddress.objects.filter(email__startswith="nr-").count() == 2


def ask(number: int, name: str, network: str) -> None:
    """Ask a mail to one mailbox, in one of its spellings, without the shorter limits."""
    email = THEIRS.replace("@", f"+{number}@")
    if name == "account_signup":
        Client().post(reverse(name), {**TYPED, "email": email}, REMOTE_ADDR=network)
    else:
        Client().post(reverse(name), {"email": email}, REMOTE_ADDR=network)


@pytest.mark.parametrize("name", ["account_reset_password", "account_signup"])
def test_one_network_mails_a_mailbox_a_few_times_a_day_however_it_is_spelled(name: str) -> None:
    for number in range(MOST_MAILS_BY_ONE_NETWORK + 2):
        ask(number, name, "192.0.2.7")
    assert OutgoingMail.objects.count() == MOST_MAILS_BY_ONE_NETWORK
    ask(99, name, "198.51.100.7")
    assert OutgoingMail.objects.count() == MOST_MAILS_BY_ONE_NETWORK + 1


def test_all_networks_together_mail_a_mailbox_no_more_than_somebody_reads() -> None:
    for number in range(MOST_MAILS + 5):
        ask(number, "account_reset_password", f"192.0.{number}.7")
    assert OutgoingMail.objects.count() == MOST_MAILS


@pytest.mark.parametrize("name", ["account_reset_password", "account_signup"])
def test_what_one_network_asks_in_vain_counts_for_no_other(name: str) -> None:
    for number in range(MOST_MAILS + 10):
        ask(number, name, "192.0.2.7")
    before = OutgoingMail.objects.count()
    ask(99, name, "198.51.100.7")
    assert OutgoingMail.objects.count() == before + 1


def test_one_network_mails_no_crowd_of_mailboxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of addresses may ask five times as much (``visitors``)."""
    monkeypatch.setattr("hubportal.accounts.mail_limits.MOST_MAILS_TO_ALL", 2)

    def sign_up(number: int, network: str) -> None:
        typed = {**TYPED, "email": f"nr-{number}@vereniging.example"}
        Client().post(reverse("account_signup"), typed, REMOTE_ADDR=network)

    for number in range(4):
        sign_up(number, "192.0.2.7")
    assert OutgoingMail.objects.count() == 2
    for number in range(4, 20):
        sign_up(number, f"192.0.2.{number + 10}")
    assert OutgoingMail.objects.count() == 10


def test_a_stranger_who_signs_up_with_an_address_keeps_its_owner_from_no_new_password() -> None:
    """Rule 27: each page is counted apart; from the new password on the stranger's own is worth nothing."""
    Client().post(reverse("account_signup"), TYPED, REMOTE_ADDR="192.0.99.7")
    for number in range(MOST_MAILS + 5):
        ask(number, "account_signup", f"192.0.{number}.7")
    assert OutgoingMail.objects.count() == MOST_MAILS
    asked = Client(REMOTE_ADDR="198.51.100.7").post(reverse("account_reset_password"), {"email": THEIRS})
    assert asked.status_code == 302
    assert OutgoingMail.objects.filter(kind="password_reset_key", recipient=THEIRS).count() == 1


def test_a_stranger_who_asks_new_passwords_keeps_nobody_from_asking_one(client: Client) -> None:
    """Rule 27: per mailbox they are counted where they are mailed, quietly, and by network."""
    UserFactory.create(email=THEIRS)
    for _time in range(12):
        Client(REMOTE_ADDR="192.0.2.7").post(reverse("account_reset_password"), {"email": THEIRS})
    before = OutgoingMail.objects.count()
    asked = Client(REMOTE_ADDR="198.51.100.7").post(reverse("account_reset_password"), {"email": THEIRS})
    assert (asked.status_code, OutgoingMail.objects.count()) == (302, before + 1)
