"""Granting and revoking roles."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain import mails
from hubportal.accounts.enums import Role
from hubportal.accounts.events import ROLE_GRANTED, ROLE_REVOKED
from hubportal.accounts.models import RoleGrant, User
from hubportal.accounts.permissions import may_change_roles, takes_part_now
from hubportal.accounts.queries import active_in_role, others_of_mailbox
from hubportal.audit.domain.collecting import modules_named
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_shown


@transaction.atomic(durable=True)
def grant_role(*, user: User, role: Role, actor: User | None, at: datetime) -> RoleGrant:
    """Grant a role to a person. Idempotent.

    ``actor`` is ``None`` for the first administrator, made on the command line. Raises ``NotAllowed`` unless the
    actor is an administrator, and ``RuleViolation`` for one's own roles, for an administrator who takes part in a call, and
    where somebody of the same mailbox holds one.
    """
    if actor is not None:
        may_change_roles.check(actor)
        _check_somebody_else(user, actor)
    held = _locked_grants(user)
    if role in held:
        return held[role]
    if actor is not None:
        _check_takes_no_part(actor)
    _check_own_mailbox(user)
    if actor is not None:
        mails.queue_roles_changed(user, granted=[role], revoked=[], actor=actor, at=at)
    return _grant(user, role, actor=actor, at=at)


def roles_in_short(roles: Collection[Role | str]) -> str:
    """Return roles as one text, which differs where they do."""
    return " ".join(sorted(Role(each).value for each in roles))


@transaction.atomic(durable=True)
def change_roles(
    *, user: User, roles: Collection[Role], actor: User, at: datetime, seen: str | None = None
) -> None:
    """Set the roles of a person to exactly these. Idempotent.

    ``seen`` is ``roles_in_short`` of those that were shown: a colleague may have taken one away since. Raises
    ``NewerVersion`` then, ``NotAllowed`` unless the actor is an administrator, and ``RuleViolation`` for administrators who would
    change their own: nobody becomes officer or releaser by their own hand (rule 19), for one who takes part in a call, where
    somebody of the same mailbox holds a role, and where nobody would be administrator any more. Every administrator is
    mailed. What an app has to end with a role, it does in ``role_ended`` of its ``endings``.
    """
    may_change_roles.check(actor)
    held = _locked_grants(user)
    if held.keys() != set(roles):
        _check_somebody_else(user, actor)
        _check_takes_no_part(actor)
        check_shown(roles_in_short(held), seen)
    granted, revoked = sorted(set(roles) - held.keys()), sorted(held.keys() - set(roles))
    if granted:
        _check_own_mailbox(user)
    if Role.ADMINISTRATOR in revoked:
        _check_administrator_left(user)
    if granted or revoked:
        mails.queue_roles_changed(user, granted=granted, revoked=revoked, actor=actor, at=at)
    for role in granted:
        _grant(user, role, actor=actor, at=at)
    for role in revoked:
        held[role].delete()
        record(ROLE_REVOKED, subject=user, actor=actor, at=at, facts={"role": role.value})
        for module in modules_named("endings"):
            # In the same transaction: nobody keeps work that they can no longer do (rule 29).
            module.role_ended(user=user, role=role, actor=actor, at=at)


def _check_somebody_else(user: User, actor: User) -> None:
    if actor.pk != user.pk:
        return
    if active_in_role(Role.ADMINISTRATOR).exclude(pk=actor.pk).exists():
        raise RuleViolation(_("You cannot change your own roles. Ask another administrator."), field="roles")
    raise RuleViolation(
        _(
            "You cannot change your own roles, and there is no other administrator. Whoever runs the server can make one: "
            "%(command)s"
        )
        % {"command": "manage.py grant_role naam@voorbeeld.nl administrator"},
        field="roles",
    )


def _check_takes_no_part(actor: User) -> None:
    """Raise ``RuleViolation`` for who takes part in a call that goes on: they would choose who judges their rivals (rule 29)."""
    if takes_part_now(actor):
        raise RuleViolation(
            _(
                "You take part in a call that still goes on, so you cannot change who has which role. Ask another administrator. "
                "Whoever runs the server can do it too: %(command)s"
            )
            % {"command": "manage.py grant_role naam@voorbeeld.nl reviewer"},
            field="roles",
        )


def _check_administrator_left(user: User) -> None:
    """Raise ``RuleViolation`` where nobody else would be administrator: two who end each other's role at once end neither's own."""
    # Locked: whoever ends another one meanwhile waits, and then sees who is left.
    held = RoleGrant.objects.filter(role=Role.ADMINISTRATOR).order_by("pk").select_for_update()
    left = {each.user_id for each in held} - {user.pk}
    if not active_in_role(Role.ADMINISTRATOR).filter(pk__in=left).exists():
        raise RuleViolation(
            _("There would be no administrator left. Make somebody else administrator first."), field="roles"
        )


def _check_own_mailbox(user: User) -> None:
    """Raise ``RuleViolation`` where another account of the mailbox holds a role: where two must differ, one would be both."""
    others = others_of_mailbox(user)
    if others:
        raise RuleViolation(
            _(
                "The e-mail address of this account is the mailbox of %(name)s (%(email)s), who has a role. One person "
                "has one account: give the roles to that one."
            )
            % {"name": others[0], "email": others[0].email},
            field="roles",
        )


def _locked_grants(user: User) -> dict[Role, RoleGrant]:
    """Return the roles of a person, locked until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return {Role(each.role): each for each in RoleGrant.objects.filter(user=user)}


def _grant(user: User, role: Role, *, actor: User | None, at: datetime) -> RoleGrant:
    grant = RoleGrant.objects.create(user=user, role=role, granted_by=actor, granted_at=at)
    record(ROLE_GRANTED, subject=user, actor=actor, at=at, facts={"role": role.value})
    return grant
