"""Everybody sees only what their role and their row allow (rules 14 and 22)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from applications.domain.consents import ask_consent
from applications.models import Application, ReadingAccess
from applications.permissions import may_manage, may_write
from applications.queries import (
    listed_for_assessors,
    owned_by,
    readable_by,
    shared_with,
    visible_to,
    visible_to_applicants,
)
from hubportal.accounts.enums import ASSESSING_ROLES, Role
from hubportal.accounts.models import RoleGrant
from hubportal.accounts.permissions import Permission
from tests.applications.collaborating import joined
from tests.factories.accounts import UserFactory, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import pending_for, speaker_for
from tests.factories.scenarios import ready, sealed, started, submitted, written

pytestmark = pytest.mark.django_db


def test_a_visitor_an_outsider_and_the_owner_of_another_see_nothing() -> None:
    case, other = ready(), ready(coalition_name="Andere")
    for user in (AnonymousUser(), UserFactory.create(), speaker_for(ready(coalition_name="Derde").lead)):
        assert not visible_to(user).filter(pk__in=[case.pk, other.pk]).exists()


def test_everybody_of_the_lead_sees_it() -> None:
    case = started()
    for user in (case.applicant, speaker_for(case.lead)):
        assert list(owned_by(user)) == list(visible_to(user)) == [case]


def test_a_partner_sees_it_once_it_was_asked() -> None:
    case = written(partners=2)
    asked, not_asked = (speaker_for(each.organisation) for each in case.partners)
    assert not visible_to(asked).exists()
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
    assert list(shared_with(asked)) == list(visible_to_applicants(asked)) == [case]
    assert not visible_to(not_asked).exists()
    assert not owned_by(asked).exists()


@pytest.mark.parametrize("role", sorted(ASSESSING_ROLES))
def test_who_assesses_sees_the_headline_and_reads_only_by_a_row(role: Role) -> None:
    """Rule 14: denied by default."""
    case, draft = sealed(), ready()
    user = person(role)
    assert list(listed_for_assessors(user)) == [case]
    assert not visible_to(user).exists()
    row = ReadingAccess.objects.create(application=case, user=user, granted_at=AT)
    assert list(readable_by(user)) == list(visible_to(user)) == [case]
    assert draft not in visible_to(user)
    ReadingAccess.objects.filter(pk=row.pk).update(revoked_at=AT)
    assert not visible_to(user).exists()


def test_a_row_without_the_role_opens_nothing() -> None:
    case, user = sealed(), person(Role.REVIEWER)
    ReadingAccess.objects.create(application=case, user=user, granted_at=AT)
    RoleGrant.objects.filter(user=user).delete()
    assert not readable_by(type(user).objects.get(pk=user.pk)).exists()


def test_an_account_that_was_closed_reads_nothing() -> None:
    case, user = sealed(), person(Role.OFFICER)
    ReadingAccess.objects.create(application=case, user=user, granted_at=AT)
    user.is_active = False
    assert not readable_by(user).exists()
    assert not listed_for_assessors(user).exists()


@pytest.mark.parametrize("role", [Role.KWARTIERMAKER, Role.ADMINISTRATOR])
def test_neither_a_kwartiermaker_nor_an_administrator_sees_applications(role: Role) -> None:
    case, user = sealed(), person(role)
    KwartiermakerAssignmentFactory.create(user=user, region=case.coalition.region)
    ReadingAccess.objects.create(application=case, user=user, granted_at=AT)
    assert not visible_to(user).exists()
    assert not listed_for_assessors(user).exists()


@pytest.mark.parametrize("permission", [may_manage, may_write], ids=["manage", "write"])
def test_what_is_surely_allowed_is_allowed(permission: Permission[Application]) -> None:
    """It is asked first, because it costs little: it opens nothing more."""
    draft, received = written(), submitted()
    people = [
        *(draft.applicant, received.applicant, speaker_for(draft.lead), pending_for(draft.lead)),
        *(speaker_for(draft.partners[0].organisation), joined(draft), UserFactory.create()),
    ]
    assert permission.surely is not None
    sure = [set(permission.surely(each)) for each in people]
    assert [len(each) for each in sure] == [1, 1, 1, 0, 0, 0, 0]
    for allowed, each in zip(sure, people, strict=True):
        assert allowed <= set(permission.rows(each))
