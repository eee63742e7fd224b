"""Reads of people."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User


def people_in_office() -> QuerySet[User]:
    """Return the people who hold a role, with their roles, by name."""
    return _listed(User.objects.filter(Exists(RoleGrant.objects.filter(user=OuterRef("pk")))))


def people_matching(typed: str) -> QuerySet[User]:
    """Return the people whose name or address holds what was typed, with their roles, by name."""
    return _listed(User.objects.filter(Q(full_name__icontains=typed) | Q(email__icontains=typed)))


def people_in_role(role: Role) -> QuerySet[User]:
    """Return who holds a role."""
    return User.objects.filter(role_grants__role=role)


def active_in_role(role: Role, *, since: datetime | None = None) -> QuerySet[User]:
    """Return who holds a role and can log in; with a moment, those who held it then."""
    grants = RoleGrant.objects.filter(role=role)
    if since is not None:
        grants = grants.filter(granted_at__lte=since)
    return User.objects.filter(is_active=True, pk__in=grants.values("user"))


def active_with_roles(roles: Collection[Role]) -> QuerySet[User]:
    """Return who holds one of these roles and can log in."""
    held = RoleGrant.objects.filter(role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def people_with_address(email: str) -> QuerySet[User]:
    """Return who logs in with an address, however it is typed."""
    return User.objects.filter(email__iexact=email)


def people_with_ids(ids: Collection[int]) -> QuerySet[User]:
    """Return the people with these ids, in that order."""
    return User.objects.filter(pk__in=ids).order_by("pk")


def _listed(people: QuerySet[User]) -> QuerySet[User]:
    return people.prefetch_related("role_grants").order_by("full_name", "pk")
