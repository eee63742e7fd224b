"""Locking an application before it is changed."""

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import WrongStatus
from applications.enums import Status
from applications.models import Application
from applications.permissions import may_write
from coalitions.models import Coalition
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Permission

Row = TypeVar("Row", bound=Model)


def locked(application_id: int) -> Application:
    """Return the application, locked until the transaction ends."""
    return _found(_locking(Application.objects.all()), pk=application_id)


def locked_draft(
    application_id: int, actor: User, *, permission: Permission[Application] = may_write
) -> Application:
    """Lock and return a draft that the actor may edit. Raises ``NotAllowed`` and ``WrongStatus``."""
    return _draft(actor, permission, pk=application_id)


def locked_draft_of(
    reference: str, actor: User, *, permission: Permission[Application] = may_write
) -> Application:
    """Lock and return a draft by its reference, without an extra query."""
    return _draft(actor, permission, reference=reference)


def locked_for(permission: Permission[Application], actor: User, **which: Any) -> Application:
    """Lock the application and check the permission, in one statement where nobody holds it. Raises ``NotAllowed``.

    After waiting for a lock PostgreSQL looks anew at the row alone, not at who may do this: so that is asked once the lock is ours.
    """
    allowed = (permission.surely or permission.rows)(actor).filter(pk=OuterRef("pk"))
    rows = Application.objects.annotate(is_allowed=Exists(allowed))
    application = _locking(rows, waits=False).filter(**which).first()
    if application is not None and not application.is_allowed:  # type: ignore[attr-defined]
        # Most are by who speaks for the lead, which costs little to ask.
        permission.check(actor, application)
    elif application is None:
        # Another act holds it, or the row does not exist.
        application = _found(_locking(Application.objects.all()), **which)
        permission.check(actor, application)
    return application


def locked_coalition(coalition_id: int, *, with_applications: bool = False) -> Coalition:
    """Return the coalition, locked until the transaction ends: while it is, nobody submits or discards an application of it.

    Its applications in front of it, for who writes in them: in the order of every other act on both.
    """
    if with_applications:
        applications = Application.objects.filter(coalition=coalition_id).order_by("pk")
        list(applications.select_for_update().values_list("pk"))
    rows = Coalition.objects.select_for_update(of=("self",))
    return _found(rows.select_related("region", "lead_organisation", "created_by"), pk=coalition_id)


def _draft(actor: User, permission: Permission[Application], **which: Any) -> Application:
    application = locked_for(permission, actor, **which)
    if not application.is_draft:
        raise WrongStatus(why_closed(application))
    return application


def why_closed(application: Application) -> Any:
    """Return why what is no draft can no longer be changed: never "submitted" for what was not (rule 13)."""
    if application.submitted_at is None:
        return _("This draft has been withdrawn and was never submitted, so it can no longer be changed.")
    if application.status == Status.WITHDRAWN:
        return _("This application has been withdrawn, so it can no longer be changed.")
    return _("This application has been submitted, so it can no longer be changed.")


def why_not_needed(application: Application) -> Any:
    """Return why no answer is needed: never "submitted" for what was not (rule 13)."""
    if application.submitted_at is None:
        return _("The lead organisation has withdrawn this application, so your answer is not needed now.")
    return _("This application has already been submitted, so your answer is no longer needed.")


def _found(rows: QuerySet[Row], **which: Any) -> Row:
    """Return a row that is locked. Raises ``DoesNotExist``.

    Of one whose lead moved to another organisation while it was waited for, PostgreSQL finds the lead of before no more, and so no
    row: it looks again (rule 44).
    """
    return rows.filter(**which).first() or rows.get(**which)


def _locking(applications: QuerySet[Application], *, waits: bool = True) -> QuerySet[Application]:
    # With its coalition: nobody joins, leaves or changes there while somebody consents, signs or submits (rules 8, 9).
    return applications.select_for_update(of=("self", "coalition"), skip_locked=not waits).select_related(
        "call", "coalition__region", "coalition__lead_organisation"
    )
