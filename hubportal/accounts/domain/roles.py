"""Giving and taking roles."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.events import ROLE_GRANTED, ROLE_WITHDRAWN
from hubportal.accounts.models import RoleGrant, User
from hubportal.accounts.permissions import may_change_roles
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation


@transaction.atomic
def grant_role(*, user: User, role: Role, actor: User | None, at: datetime) -> RoleGrant:
    """Give somebody a role; a second time changes nothing.

    ``actor`` is ``None`` for the first administrator, made on the command line. Raises ``NotAllowed``
    for an actor who is no administrator.
    """
    if actor is not None:
        may_change_roles.check(actor)
    grant, is_new = RoleGrant.objects.get_or_create(
        user=user, role=role, defaults={"granted_by": actor, "granted_at": at}
    )
    if is_new:
        record(ROLE_GRANTED, subject=user, actor=actor, at=at, facts={"role": role.value})
    return grant


@transaction.atomic
def withdraw_role(*, user: User, role: Role, actor: User | None, at: datetime) -> None:
    """Take a role from somebody; without the role nothing changes.

    Raises ``NotAllowed`` for an actor who is no administrator, and ``RuleViolation`` for administrators who
    would lock themselves out.
    """
    if actor is not None:
        may_change_roles.check(actor)
    if actor is not None and actor.pk == user.pk and role == Role.ADMINISTRATOR:
        raise RuleViolation(_("Another administrator has to take this role from you."), field="roles")
    gone, _rows = RoleGrant.objects.filter(user=user, role=role).delete()
    if gone:
        record(ROLE_WITHDRAWN, subject=user, actor=actor, at=at, facts={"role": role.value})
