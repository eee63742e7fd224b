"""Whether an address or a number is known, the answer takes as much work: its time tells nothing (rule 26).

Work is compared, not milliseconds: passwords that are hashed, mails that are queued, and statements.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "bekend@voorbeeld.example", "onbekend@voorbeeld.example"
PASSWORD = "lang-genoeg-wachtwoord-77"
# allauth looks in one more table for an address that it finds in neither; each is one row by its index.
_ONE_MORE_LOOK = 1


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the passwords that were hashed, which takes most of the time of a request."""
    done: list[str] = []
    encode: Callable[..., str] = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, *rest: Any) -> str:
        done.append(password)
        return encode(hasher, password, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


def work(hashed: list[str], name: str, sent: dict[str, str]) -> tuple[int, int, int, int]:
    """Return how a form answers, and how many passwords were hashed, mails queued and statements sent for it."""
    cache.clear()
    hashed.clear()
    mails = OutgoingMail.objects.count()
    with CaptureQueriesContext(connection) as statements:
        status = Client().post(reverse(name), sent).status_code
    return status, len(hashed), OutgoingMail.objects.count() - mails, len(statements)


@pytest.mark.parametrize(
    ("name", "field", "more"),
    [
        ("account_login", "login", {"password": "een-heel-ander-wachtwoord"}),
        ("account_reset_password", "email", {}),
    ],
)
def test_logging_in_and_a_new_password_take_the_same_for_an_address_that_nobody_has(
    hashed: list[str], name: str, field: str, more: dict[str, str]
) -> None:
    UserFactory.create(email=KNOWN)
    known, unknown = (work(hashed, name, {field: email, **more}) for email in (KNOWN, UNKNOWN))
    assert known[:3] == unknown[:3]
    assert abs(known[3] - unknown[3]) <= _ONE_MORE_LOOK


def test_registering_hashes_one_password_and_sends_one_mail_for_an_address_that_has_an_account(
    hashed: list[str],
) -> None:
    UserFactory.create(email=KNOWN)
    sent = {"full_name": "Nina Nieuw", "password1": PASSWORD, "password2": PASSWORD}
    known, unknown = (work(hashed, "account_signup", {**sent, "email": email}) for email in (KNOWN, UNKNOWN))
    assert known[:3] == unknown[:3] == (302, 1, 1)


@pytest.mark.parametrize("code", ["ABCD-EFGH-JKLM", "0000"])
def test_verifying_a_code_that_no_letter_has_takes_no_more_than_a_few_looks(
    hashed: list[str], code: str
) -> None:
    assert work(hashed, "documents:verify", {"code": code})[1:3] == (0, 0)
