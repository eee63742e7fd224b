"""Permissions: one answer for the check in an act, the rows of a page, and its buttons.

Each app names its own permissions in its ``permissions.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeGuard, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import ASSESSING_ROLES, STAFF_ROLES, Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import modules_named
from hubportal.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Sentence = str | _StrPromise

Person = User | AnonymousUser
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Audience:
    """The people who hold one of these roles."""

    roles: frozenset[Role]

    def includes(self, person: Person) -> TypeGuard[User]:
        """Tell whether the person is in the audience."""
        return person.is_authenticated and person.has_role(*self.roles)


@dataclass(frozen=True)
class RolePermission(Audience):
    """A permission by role alone, the same for every row."""

    refusal: Sentence

    def check(self, person: Person) -> None:
        """Raise ``NotAllowed`` unless the person holds one of the roles."""
        if not self.includes(person):
            raise NotAllowed(self.refusal)


@dataclass(frozen=True)
class UntiedAudience(Audience):
    """Of the people who hold one of these roles who takes part in no call that goes on: of rivals they would know who applies (rules 26 and 29)."""

    def includes(self, person: Person) -> TypeGuard[User]:
        """Tell whether the person holds one of the roles, and takes part in no such call."""
        return super().includes(person) and not takes_part_now(person)


@dataclass(frozen=True)
class UntiedPermission(UntiedAudience, RolePermission):
    """A permission by role, the same for every row, for who takes part in no call that goes on."""


@dataclass(frozen=True)
class Permission(Generic[Row]):
    """A permission: the rows it allows, and so whether it allows a given row."""

    rows: Callable[[Person], QuerySet[Row]]
    # The sentence of the refusal; a function of person and row where the reason depends on them.
    refusal: Sentence | Callable[[Person, Row], Sentence]
    # Some of the rows, which most people ask about, found at a fraction of the cost: for what is asked at every pause in typing.
    surely: Callable[[Person], QuerySet[Row]] | None = None

    def allows(self, person: Person, row: Row) -> bool:
        """Tell whether the person may do it to this row."""
        return self.rows(person).filter(pk=row.pk).exists()

    def check(self, person: Person, row: Row, *, field: str | None = None) -> None:
        """Raise ``NotAllowed``, at a field of a form if any, unless the person may do it to this row."""
        if not self.allows(person, row):
            refusal = self.refusal(person, row) if callable(self.refusal) else self.refusal
            raise NotAllowed(refusal, field=field)

    def on_each(self, person: Person, *, key: str = "pk") -> Exists:
        """Return the answer for each row of a list, to annotate it with; ``key`` leads to the row asked about."""
        return Exists(self.rows(person).filter(pk=OuterRef(key)))


def takes_part_now(person: User) -> bool:
    """Tell whether an app says that somebody takes part in what they would handle: then a colleague does it (rule 29).

    An app says so with ``takes_part_now(person)`` in its ``taking_part``.
    """
    return any(module.takes_part_now(person) for module in _taking_part())


def organisations_of_interest(person: User) -> Iterator[QuerySet[Any, Any]]:
    """Yield the keys of organisations in which an app says that somebody has an interest: a colleague settles who speaks for them (rule 29).

    An app says so with ``organisations_of_interest(person)`` in its ``taking_part``.
    """
    for module in _taking_part():
        yield module.organisations_of_interest(person)


@lru_cache(maxsize=1)
def _taking_part() -> tuple[ModuleType, ...]:
    return tuple(modules_named("taking_part"))


REVIEWERS = Audience(frozenset({Role.REVIEWER}))
CHAIRS = Audience(frozenset({Role.CHAIR, Role.DEPUTY}))
OFFICERS = Audience(frozenset({Role.OFFICER}))
UNTIED_OFFICERS = UntiedAudience(OFFICERS.roles)
RELEASERS = Audience(frozenset({Role.RELEASER}))
ADMINISTRATORS = Audience(frozenset({Role.ADMINISTRATOR}))
KWARTIERMAKERS = Audience(frozenset({Role.KWARTIERMAKER}))
# Who judges or handles applications.
ASSESSORS = Audience(ASSESSING_ROLES)
# Who reads an application for what they have to do with it, whether they review it or not.
HANDLERS = Audience(ASSESSING_ROLES - {Role.REVIEWER})
STAFF = Audience(STAFF_ROLES)

may_change_roles = RolePermission(ADMINISTRATORS.roles, _("Only an administrator can change roles."))
