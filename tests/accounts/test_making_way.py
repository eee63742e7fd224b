"""An account that nobody confirmed makes way for who confirmed its address, and for nobody else (rule 27)."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from coalitions.models import Coalition
from hubportal.accounts.domain.registering import make_way
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory, log_in
from tests.factories.organisations import OrganisationFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db

AT = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
THEIRS = "noor@vereniging.example"


def registered() -> User:
    """Return an account that somebody registered with an address, and never confirmed."""
    account = UserFactory.create(email=THEIRS)
    EmailAddress.objects.filter(user=account).delete()
    EmailAddress.objects.create(user=account, email=THEIRS, verified=False, primary=True)
    return account


def confirming(*, verified: bool = True) -> User:
    """Return an account with the same address as a second one."""
    owner = UserFactory.create()
    EmailAddress.objects.create(user=owner, email=THEIRS, verified=verified)
    return owner


def way_made() -> list[tuple[object, ...]]:
    """Return what was recorded of accounts that made way."""
    rows = AuditEvent.objects.filter(act="accounts.made_way")
    return list(rows.values_list("actor_id", "subject_type", "subject_id", "happened_at", "facts"))


def test_what_made_way_can_be_read_back_with_who_it_made_way_for() -> None:
    account, owner = registered(), confirming()
    for _time in range(2):
        make_way(email=THEIRS, confirmed_by=owner, at=AT)
    assert not User.objects.filter(pk=account.pk).exists()
    assert way_made() == [(owner.pk, "accounts.user", owner.pk, AT, {"account": account.pk})]


def test_nothing_makes_way_for_who_did_not_confirm_the_address() -> None:
    account, owner = registered(), confirming(verified=False)
    make_way(email=THEIRS, confirmed_by=owner, at=AT)
    assert User.objects.filter(pk=account.pk).exists()
    assert way_made() == []


def test_an_account_that_a_row_points_to_stays_and_confirming_is_answered() -> None:
    account, owner = registered(), UserFactory.create()
    values = {"region": RegionFactory.create(), "lead_organisation": OrganisationFactory.create()}
    Coalition.objects.create(name="Een coalitie (fictief)", created_by=account, created_at=AT, **values)
    own = log_in(Client(), owner)
    own.post(reverse("account_email"), {"action_add": "", "email": THEIRS})
    cache.clear()
    body = OutgoingMail.objects.get(kind="email_confirmation", recipient=THEIRS).body
    [link] = [f"/{each.partition('://')[2].partition('/')[2]}" for each in body.split() if "://" in each][:1]
    assert own.post(link).status_code == 302
    assert EmailAddress.objects.filter(user=owner, email=THEIRS, verified=True).exists()
    assert User.objects.filter(pk=account.pk).exists()
    assert way_made() == []
