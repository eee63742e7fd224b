"""Whether an address or a number is known, the answer takes as much work: its time tells nothing (rule 26).

Work is compared, not milliseconds: passwords that are hashed, mails that are queued, and statements.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalitions.domain.coalitions import add_partner
from hubportal.mail.models import OutgoingMail
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from tests.factories.accounts import UserFactory
from tests.factories.drafts import facts_of, started
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import RegionFactory

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
        ("account_request_login_code", "email", {}),
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


def claimed(facts: OrganisationFacts) -> int:
    """Return how many statements it takes to say that one speaks for an organisation."""
    user = UserFactory.create()
    with CaptureQueriesContext(connection) as statements:
        claim_organisation(facts=facts, actor=user, at=AT)
    return len(statements)


def test_saying_to_speak_for_an_organisation_takes_the_same_whether_its_number_is_known() -> None:
    """And where it has people one statement more, which mails them: the mail itself is written either way."""
    region = RegionFactory.create()
    known, spoken_for = organisation_in(region, mapped_at=None), organisation_in(region)
    speaker_for(spoken_for)
    unknown = replace(facts_of(known), kvk_number="12345678")
    assert not Organisation.objects.filter(kvk_number=unknown.kvk_number).exists()
    found = [claimed(facts) for facts in (unknown, facts_of(known), facts_of(spoken_for))]
    assert found == [found[0], found[0], found[0] + 1]
    assert Organisation.objects.get(kvk_number=unknown.kvk_number).name == unknown.name


def test_naming_a_partner_takes_the_same_whether_its_number_is_known() -> None:
    case = started(partners=0)
    known = organisation_in(case.coalition.region, mapped_at=None)
    found = []
    for number in (known.kvk_number, "12345678"):
        with CaptureQueriesContext(connection) as statements:
            add_partner(
                coalition_id=case.coalition_id,
                facts=replace(facts_of(known), kvk_number=number),
                works_in_region=True,
                contact_name="Contact (fictief)",
                contact_email=f"contact@{number}.example",
                actor=case.applicant,
                at=AT,
            )
        found.append(len(statements))
    assert found[0] == found[1]


@pytest.mark.parametrize("code", ["ABCD-EFGH-JKLM", "0000"])
def test_verifying_a_code_that_no_letter_has_takes_no_more_than_a_few_looks(
    hashed: list[str], code: str
) -> None:
    assert work(hashed, "documents:verify", {"code": code})[1:3] == (0, 0)
