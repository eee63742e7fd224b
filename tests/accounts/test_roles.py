"""Administrators grant and revoke roles, and the event log records it (rule 22)."""

import pytest

from hubportal.accounts.domain.roles import change_roles, grant_role
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_an_administrator_gives_and_takes_a_role_once() -> None:
    user, administrator = UserFactory.create(), person(Role.ADMINISTRATOR)
    for _click in range(2):
        grant_role(user=user, role=Role.OFFICER, actor=administrator, at=AT)
    assert User.objects.get(pk=user.pk).roles == {Role.OFFICER}
    for _click in range(2):
        change_roles(user=user, roles=[], actor=administrator, at=AT)
    assert User.objects.get(pk=user.pk).roles == frozenset()
    acts = AuditEvent.objects.order_by("pk").values_list("act", "subject_id", "actor_id", "facts")
    assert list(acts) == [
        ("accounts.role_granted", user.pk, administrator.pk, {"role": "officer"}),
        ("accounts.role_revoked", user.pk, administrator.pk, {"role": "officer"}),
    ]


def test_every_administrator_is_told_who_gave_and_took_which_roles() -> None:
    """Nobody makes a second account of their own officer or releaser unseen (rule 19)."""
    user, one, other = person(Role.REVIEWER), person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    for _click in range(2):
        change_roles(user=user, roles=[Role.OFFICER], actor=one, at=AT)
    mails = OutgoingMail.objects.filter(kind="roles_changed").order_by("pk")
    assert [each.recipient for each in mails] == [one.email, other.email]
    for each in mails:
        assert f"{one.full_name} heeft de rollen van {user.full_name} ({user.email}) gewijzigd." in each.body
        assert each.body.splitlines()[3:10] == [
            *("", "Gegeven:", "- medewerker programmabureau"),
            *("", "Ingetrokken:", "- beoordelaar", ""),
        ]
    grant_role(user=user, role=Role.RELEASER, actor=one, at=AT)
    assert mails.all().count() == 4


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_gives_or_takes_roles(role: Role) -> None:
    actor, user = person(role), person(Role.REVIEWER)
    with pytest.raises(NotAllowed):
        grant_role(user=user, role=Role.CHAIR, actor=actor, at=AT)
    with pytest.raises(NotAllowed):
        change_roles(user=user, roles=[], actor=actor, at=AT)


def test_nobody_changes_their_own_roles() -> None:
    """Rule 19: who is officer or releaser was made so by somebody else."""
    administrator = person(Role.ADMINISTRATOR)
    with pytest.raises(RuleViolation) as refusal:
        change_roles(user=administrator, roles=[Role.ADMINISTRATOR, Role.OFFICER], actor=administrator, at=AT)
    assert refusal.value.field == "roles"
    with pytest.raises(RuleViolation):
        change_roles(user=administrator, roles=[], actor=administrator, at=AT)
    with pytest.raises(RuleViolation):
        grant_role(user=administrator, role=Role.RELEASER, actor=administrator, at=AT)
    change_roles(user=administrator, roles=[Role.ADMINISTRATOR], actor=administrator, at=AT)
    assert User.objects.get(pk=administrator.pk).roles == {Role.ADMINISTRATOR}


def test_who_is_the_only_administrator_is_told_who_can_help() -> None:
    """An administrator who cannot log in helps nobody."""
    administrator, gone = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)

    def refused() -> str:
        with pytest.raises(RuleViolation) as refusal:
            grant_role(user=administrator, role=Role.OFFICER, actor=administrator, at=AT)
        return str(refusal.value)

    assert "Vraag het een andere beheerder" in refused()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert "manage.py grant_role" in refused()


def test_a_closed_account_holds_no_role() -> None:
    user = person(Role.OFFICER)
    assert user.is_staff
    user.is_active = False
    assert not (user.has_role(Role.OFFICER) or user.is_staff)


@pytest.mark.parametrize(
    ("role", "enters"),
    [(each, each != Role.KWARTIERMAKER) for each in Role],
)
def test_who_enters_the_admin(role: Role, enters: bool) -> None:
    assert person(role).is_staff == enters


def test_the_database_refuses_a_role_twice_and_one_it_does_not_know() -> None:
    user = person(Role.OFFICER)
    with refused_by("role_grant_once_per_person"):
        RoleGrant.objects.create(user=user, role=Role.OFFICER, granted_at=AT)
    with refused_by("role_grant_of_a_known_role"):
        RoleGrant.objects.create(user=user, role="king", granted_at=AT)


def test_the_database_refuses_an_address_twice_whatever_its_capitals() -> None:
    UserFactory.create(email="anna@voorbeeld.example")
    with refused_by("user_one_per_address"):
        User.objects.create_user("Anna@Voorbeeld.example")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_leave_one() -> None:
    """Each saw the other's role when their request came in."""
    one, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)

    for each in (one, other):
        assert each.has_role(Role.ADMINISTRATOR)
    told = race(
        lambda: change_roles(user=one, roles=[], actor=other, at=AT),
        lambda: change_roles(user=other, roles=[], actor=one, at=AT),
    )
    assert sorted(isinstance(each, RuleViolation) for each in told) == [False, True]
    assert RoleGrant.objects.filter(role=Role.ADMINISTRATOR).count() == 1
