"""Tasks with a name and a day, between those who write or read a draft; never part of what is submitted (rules 22 and 37).

They change nothing of the draft itself: what partners agreed to and what is being submitted stays as it is.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_draft_of
from applications.events import TASK_ADDED, TASK_CHANGED, TASK_DONE, TASK_REMOVED, TASK_REOPENED
from applications.models import Application, Task
from applications.permissions import may_read_draft, may_settle_task
from applications.queries.tasks import assignable_in, task_in, task_sent_with
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.audit.queries import events_of
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.versions import check_version

# Of one draft, with what was done.
MOST_IN_A_DRAFT = 50
# Per person, in all drafts, with what was removed.
MOST_A_DAY = 100


@dataclass(frozen=True)
class Planned:
    """Who does what by when; ``person_id`` is the primary key of an account."""

    what: str
    person_id: int
    due_on: date


@transaction.atomic(durable=True)
def add_task(*, reference: str, planned: Planned, added_with: UUID, actor: User, at: datetime) -> Task:
    """Give somebody in the room something to do by a day. Idempotent by ``added_with``.

    Raises ``NotAllowed``, ``WrongStatus``, ``TooMuch``, and ``RuleViolation`` at ``person`` for who is not in the room, as far
    as the actor may know, and for a draft that has its maximum.
    """
    lock_person(actor)
    application = locked_draft_of(reference, actor)
    if earlier := task_sent_with(application, added_with):
        return earlier
    if application.tasks.count() >= MOST_IN_A_DRAFT:
        raise RuleViolation(
            _("This application has %(most)d tasks. That is the maximum: remove what is done.")
            % {"most": MOST_IN_A_DRAFT},
            field="what",
        )
    check_quota(events_of(actor.pk, TASK_ADDED), moment="happened_at", most=MOST_A_DAY, at=at, field="what")
    task = Task.objects.create(
        application=application,
        what=planned.what,
        assigned_to=_person(application, planned, actor),
        due_on=planned.due_on,
        added_with=added_with,
        added_at=at,
        added_by=actor,
    )
    record(TASK_ADDED, subject=task, actor=actor, at=at)
    return task


@transaction.atomic(durable=True)
def change_task(
    *, reference: str, task_id: int, planned: Planned, seen_version: int, actor: User, at: datetime
) -> Task:
    """Change what is to be done, by whom or when. Idempotent.

    Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion``, ``DoesNotExist``, and ``RuleViolation`` at ``person``.
    """
    application = locked_draft_of(reference, actor)
    task = task_in(application, task_id)
    if Planned(task.what, task.assigned_to_id, task.due_on) == planned:
        return task
    check_version(seen=seen_version, current=task.version)
    if planned.person_id != task.assigned_to_id:
        task.assigned_to = _person(application, planned, actor)
    task.what, task.due_on, task.version = planned.what, planned.due_on, task.version + 1
    task.changed_at, task.changed_by = at, actor
    task.save()
    record(TASK_CHANGED, subject=task, actor=actor, at=at)
    return task


def _person(application: Application, planned: Planned, actor: User) -> User:
    found = assignable_in(application, actor).filter(pk=planned.person_id).first()
    if found is None:
        raise RuleViolation(_("Choose somebody who takes part in this application now."), field="person")
    return found


@transaction.atomic(durable=True)
def finish_task(*, reference: str, task_id: int, actor: User, at: datetime) -> Task:
    """Tick a task off: who writes the draft, or who it is for. Idempotent. Raises ``NotAllowed``, ``WrongStatus`` and ``DoesNotExist``."""
    task = _to_settle(reference, task_id, actor)
    if task.done_at is None:
        task.done_at, task.done_by = at, actor
        task.save(update_fields=["done_at", "done_by"])
        record(TASK_DONE, subject=task, actor=actor, at=at)
    return task


@transaction.atomic(durable=True)
def reopen_task(*, reference: str, task_id: int, actor: User, at: datetime) -> Task:
    """Take back that a task was done. Idempotent. Raises ``NotAllowed``, ``WrongStatus`` and ``DoesNotExist``."""
    task = _to_settle(reference, task_id, actor)
    if task.done_at is not None:
        task.done_at = task.done_by = None
        task.save(update_fields=["done_at", "done_by"])
        record(TASK_REOPENED, subject=task, actor=actor, at=at)
    return task


def _to_settle(reference: str, task_id: int, actor: User) -> Task:
    application = locked_draft_of(reference, actor, permission=may_read_draft)
    task = task_in(application, task_id)
    may_settle_task.check(actor, task)
    return task


@transaction.atomic(durable=True)
def remove_task(*, reference: str, task_id: int, actor: User, at: datetime) -> None:
    """Remove a task for good. Idempotent. Raises ``NotAllowed`` and ``WrongStatus``."""
    application = locked_draft_of(reference, actor)
    task = application.tasks.filter(pk=task_id).first()
    if task is not None:
        record(TASK_REMOVED, subject=application, actor=actor, at=at, facts={"task": task.pk})
        task.delete()
