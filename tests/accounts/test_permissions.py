"""A permission gives one answer: on which rows, whether on this one, and for each row of a list (rule 22)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import (
    CHAIRS,
    KWARTIERMAKERS,
    Audience,
    Permission,
    Person,
    RolePermission,
    may_change_roles,
)
from hubportal.kernel.errors import NotAllowed
from tests.factories.accounts import UserFactory, person

pytestmark = pytest.mark.django_db


def named(who: Person, row: User) -> str:
    """Return a reason that names the row."""
    return f"{row.full_name} is not {who.pk}"


may_change_account = Permission(lambda who: User.objects.filter(pk=who.pk), "This is somebody else's.")


def test_a_permission_is_checked_on_the_rows_it_lists_and_on_no_other() -> None:
    own, other = UserFactory.create(), UserFactory.create()
    assert list(may_change_account.rows(own)) == [own]
    assert [may_change_account.allows(own, each) for each in (own, other)] == [True, False]
    may_change_account.check(own, own)
    with pytest.raises(NotAllowed) as refused:
        may_change_account.check(own, other, field="name")
    assert (str(refused.value), refused.value.field) == ("This is somebody else's.", "name")


def test_a_refusal_can_depend_on_the_row() -> None:
    own, other = UserFactory.create(), UserFactory.create(full_name="Ander")
    with pytest.raises(NotAllowed) as refused:
        Permission(may_change_account.rows, named).check(own, other)
    assert str(refused.value) == f"Ander is not {own.pk}"


def test_a_list_tells_of_each_row_whether_it_may_be_done_in_one_query(django_assert_num_queries) -> None:
    own, other = UserFactory.create(), UserFactory.create()
    rows = User.objects.order_by("pk").annotate(may_change=may_change_account.on_each(own))
    with django_assert_num_queries(1):
        assert [(each, each.may_change) for each in rows] == [(own, True), (other, False)]
    nobody = Permission(lambda _who: User.objects.none(), "Never.")
    assert set(User.objects.annotate(may=nobody.on_each(own)).values_list("may", flat=True)) == {False}


@pytest.mark.parametrize("role", list(Role))
def test_an_audience_is_who_holds_one_of_its_roles(role: Role) -> None:
    assert CHAIRS.includes(person(role)) == (role in {Role.CHAIR, Role.DEPUTY})
    assert not CHAIRS.includes(AnonymousUser())
    closed = person(role)
    closed.is_active = False
    assert not Audience(frozenset(Role)).includes(closed)


def test_a_permission_by_role_is_checked_without_a_row() -> None:
    may_draw = RolePermission(KWARTIERMAKERS.roles, _("Only an administrator can change roles."))
    may_draw.check(person(Role.KWARTIERMAKER))
    for refused in (person(Role.OFFICER), AnonymousUser()):
        with pytest.raises(NotAllowed):
            may_draw.check(refused)
    may_change_roles.check(person(Role.ADMINISTRATOR))
