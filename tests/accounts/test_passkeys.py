"""Passkeys: two factors at once, of one's own, told and recorded."""

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel import clock
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD, UserFactory, log_in, person
from tests.factories.passkeys import SoftPasskey
from tests.pages import page_text

pytestmark = pytest.mark.django_db

LOGIN, AGAIN, ADD = "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_add_webauthn"


def add(client: Client, passkey: SoftPasskey, name: str = "Laptop van het werk") -> HttpResponse:
    """Add a passkey to the account of who is logged in."""
    options = client.get(reverse(ADD)).context["js_data"]["creation_options"]
    return client.post(reverse(ADD), {"name": name, "credential": passkey.made(options)})


def with_passkey(*roles: Role) -> tuple[User, SoftPasskey]:
    """Make somebody who has a passkey, and no other second factor."""
    user, passkey, client = person(*roles), SoftPasskey(), Client()
    user.authenticator_set.all().delete()
    user.role_grants.update(granted_at=clock.now())
    log_in(client, User.objects.get(pk=user.pk), second_factor=False)
    assert add(client, passkey).status_code == 302
    OutgoingMail.objects.all().delete()
    return User.objects.get(pk=user.pk), passkey


def log_in_by(client: Client, passkey: SoftPasskey, user: User) -> HttpResponse:
    """Log in with a passkey alone."""
    options = client.get(reverse(LOGIN), headers={"accept": "application/json"}).json()["request_options"]
    answer = passkey.shown(options, user_handle=user_pk_to_url_str(user))
    return client.post(reverse(LOGIN), {"credential": answer, "next": "/help/"})


def second_step(client: Client, user: User) -> HttpResponse:
    """Log in with the password, up to the second step."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client.get(reverse("mfa_authenticate"))


def who_is_in(client: Client) -> str:
    """Return who is logged in, if anybody."""
    return str(client.session.get("_auth_user_id", ""))


def test_a_passkey_lets_in_and_leads_on(client: Client) -> None:
    user, passkey = with_passkey()
    answer = log_in_by(client, passkey, user)
    assert (answer["Location"], who_is_in(client)) == ("/help/", str(user.pk))


def test_a_passkey_is_the_second_factor_of_a_role(client: Client) -> None:
    user, passkey = with_passkey(Role.OFFICER)
    log_in_by(client, passkey, user)
    assert client.get("/beheer/").status_code == 200
    # After the password as well.
    other = Client()
    options = second_step(other, user).context["js_data"]["request_options"]
    assert who_is_in(other) == ""
    other.post(reverse("mfa_authenticate"), {"credential": passkey.shown(options)})
    assert other.get("/beheer/").status_code == 200


def test_a_password_alone_opens_nothing_of_who_has_a_passkey_only(client: Client) -> None:
    user, passkey = with_passkey(Role.OFFICER)
    log_in(client, user, second_factor=False)
    for path in ("/start/", reverse("mfa_index"), reverse("mfa_list_webauthn"), reverse(ADD)):
        assert client.get(path)["Location"].startswith(reverse(AGAIN)), path
    options = client.get(reverse(AGAIN)).context["js_data"]["request_options"]
    client.post(reverse(AGAIN), {"credential": passkey.shown(options), "next": "/start/"})
    assert client.get("/start/").status_code == 200


def test_a_passkey_that_asked_no_finger_face_or_pin_is_not_taken(client: Client) -> None:
    log_in(client, UserFactory.create())
    refused = add(client, SoftPasskey(is_verified=False))
    assert refused.status_code == 200
    assert not Authenticator.objects.exists()


def test_a_passkey_of_a_website_that_only_looks_like_this_one_lets_nobody_in(client: Client) -> None:
    user, _passkey = with_passkey()
    answer = log_in_by(client, SoftPasskey(host="testservers"), user)
    assert (answer["Location"], who_is_in(client)) == (reverse("account_login"), "")


@pytest.mark.parametrize("place", ["kwaad.testserver", "testserver:8443", "kwaad.testserver:443"])
def test_a_passkey_that_was_shown_at_a_name_below_ours_or_at_another_port_lets_nobody_in(
    client: Client, place: str
) -> None:
    """The library takes it: the name for which it was made ends in ours."""
    user, passkey = with_passkey()
    passkey._origin = SoftPasskey(shown_at=place)._origin
    log_in_by(client, passkey, user)
    assert who_is_in(client) == ""
    log_in(client, other := UserFactory.create())
    add(client, SoftPasskey(number=2, shown_at=place))
    assert not Authenticator.objects.filter(user=other).exists()


def test_what_a_passkey_answered_works_once(client: Client) -> None:
    user, passkey = with_passkey()
    options = client.get(reverse(LOGIN), headers={"accept": "application/json"}).json()["request_options"]
    answer = passkey.shown(options, user_handle=user_pk_to_url_str(user))
    thief = Client()
    thief.get(reverse(LOGIN), headers={"accept": "application/json"})
    assert thief.post(reverse(LOGIN), {"credential": answer}).status_code == 302
    assert who_is_in(thief) == ""
    client.post(reverse(LOGIN), {"credential": answer})
    assert who_is_in(client) == str(user.pk)


def test_one_network_begins_a_bounded_number_of_sessions(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubportal.accounts.views.MOST_PASSKEYS_A_MINUTE", 2)
    asked = [Client().get(reverse(LOGIN), headers={"accept": "application/json"}) for _time in range(3)]
    assert [each.status_code for each in asked] == [200, 200, 429]
    assert Session.objects.count() == 2


def test_a_passkey_of_one_opens_no_account_of_another(client: Client) -> None:
    _owner, passkey = with_passkey()
    victim = UserFactory.create()
    log_in_by(client, passkey, victim)
    assert who_is_in(client) == ""


def test_who_may_not_log_in_does_not_by_a_passkey_either(client: Client) -> None:
    user, passkey = with_passkey()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert log_in_by(client, passkey, user)["Location"] == reverse("account_inactive")
    assert who_is_in(client) == ""


def test_adding_and_removing_are_told_and_recorded(client: Client) -> None:
    user = UserFactory.create()
    log_in(client, user)
    added = add(client, SoftPasskey())
    # Recovery codes come with it, for who loses the device.
    assert added["Location"] == reverse("mfa_view_recovery_codes")
    [passkey] = Authenticator.objects.filter(type="webauthn")
    assert "Laptop van het werk" in page_text(client.get(reverse("mfa_list_webauthn")))
    options = client.get(reverse(AGAIN)).context["js_data"]["request_options"]
    assert options["publicKey"]["allowCredentials"]
    remove = reverse("mfa_remove_webauthn", args=[passkey.pk])
    # Showing again who one is, is asked first: the log-in was before there was a passkey.
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 2 * 60 * 60
    session.save()
    assert client.post(remove)["Location"].startswith(reverse(AGAIN))
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_removing_after_showing_again_who_one_is(client: Client) -> None:
    user, passkey = with_passkey()
    log_in_by(client, passkey, user)
    options = client.get(reverse(AGAIN)).context["js_data"]["request_options"]
    client.post(reverse(AGAIN), {"credential": passkey.shown(options)})
    [row] = user.authenticator_set.filter(type="webauthn")
    remove = reverse("mfa_remove_webauthn", args=[row.pk])
    assert "Laptop van het werk" in page_text(client.get(remove))
    assert client.post(remove)["Location"] == reverse("mfa_list_webauthn")
    assert not user.authenticator_set.exists()
    subjects = OutgoingMail.objects.filter(recipient=user.email).values_list("subject", flat=True)
    assert list(subjects) == ["Er is een passkey van uw account verwijderd"]
    events = AuditEvent.objects.filter(act__startswith="accounts.second_factor").order_by("pk")
    assert list(events.values_list("act", "facts", "actor_id")) == [
        ("accounts.second_factor_added", {"kind": "webauthn"}, user.pk),
        ("accounts.second_factor_removed", {"kind": "webauthn"}, user.pk),
    ]


def test_nobody_sees_or_removes_a_passkey_of_another(client: Client) -> None:
    owner, _passkey = with_passkey()
    log_in(client, UserFactory.create())
    [row] = owner.authenticator_set.filter(type="webauthn")
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        for method in ("get", "post"):
            assert getattr(client, method)(reverse(name, args=[row.pk])).status_code == 404
    assert "Laptop" not in page_text(client.get(reverse("mfa_list_webauthn")))


def test_a_password_alone_adds_no_passkey_for_a_role_given_long_ago(client: Client) -> None:
    user = person(Role.OFFICER)
    user.authenticator_set.all().delete()
    log_in(client, User.objects.get(pk=user.pk), second_factor=False)
    refused = add(client, SoftPasskey())
    assert "meer dan 28 dagen geleden" in page_text(refused)
    assert not user.authenticator_set.exists()


@pytest.mark.parametrize(
    "sent", ["", "x", "[]", "{}", '{"response": []}', '{"id": 1, "response": {"userHandle": 1}}']
)
def test_what_no_browser_answers_is_refused(client: Client, sent: str) -> None:
    answer = client.post(reverse(LOGIN), {"credential": sent})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    assert "Deze passkey is niet geaccepteerd." in page_text(client.get(answer["Location"]))
    log_in(client, UserFactory.create())
    refused = client.post(reverse(ADD), {"credential": sent})
    assert "Deze passkey is niet geaccepteerd." in page_text(refused)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"), [("Telefoon\n van Noor", "Telefoon van Noor"), ("www.reclame.nl", None)]
)
def test_a_passkey_is_named_anew_by_a_name(client: Client, typed: str, kept: str | None) -> None:
    log_in(client, UserFactory.create())
    add(client, SoftPasskey())
    [row] = Authenticator.objects.filter(type="webauthn")
    answer = client.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": typed})
    row.refresh_from_db()
    assert (answer.status_code, row.wrap().name) == ((302, kept) if kept else (200, "Laptop van het werk"))
