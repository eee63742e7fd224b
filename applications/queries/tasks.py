"""Reads of who does what for a draft."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from applications.enums import Status
from applications.models import Application, Task
from applications.queries import in_room_of, represented_by, writable_by
from applications.queries.collaborators import joined_in
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from organisations.queries import people_who_speak_for

# On the page after logging in, of each draft.
_SHOWN = 5


def tasks_in(application: Application) -> QuerySet[Task]:
    """Return the tasks of a draft with their people: what is to be done first, by day, then what was done last."""
    found = application.tasks.select_related("assigned_to", "done_by")
    return found.order_by(F("done_at").desc(nulls_first=True), "due_on", "pk")


def task_in(application: Application, number: int) -> Task:
    """Return a task of a draft. Raises ``DoesNotExist``."""
    return Task.objects.select_related("assigned_to", "added_by", "changed_by").get(
        application=application, pk=number
    )


def task_sent_with(application: Application, key: UUID) -> Task | None:
    """Return the task that was sent from the page with this key, if any."""
    return Task.objects.filter(application=application, added_with=key).first()


def settled_by(person: Person) -> QuerySet[Task]:
    """Return the tasks that somebody may tick off: in drafts that they write, and their own where they read."""
    own = Q(assigned_to=person.pk, application__in=in_room_of(person).values("pk"))
    return Task.objects.filter(own | Q(application__in=writable_by(person).values("pk")))


def assignable_in(application: Application, actor: User) -> QuerySet[User]:
    """Return to whom somebody may give a task: who takes part, themselves, and of who speaks for the lead whom they know.

    All of them to one of them, to others only who began the draft or invited somebody: it is not told whose account is one
    of the lead (rule 26). Who left, or speaks for it no longer, is none of them.
    """
    joined = joined_in(application)
    speakers = people_who_speak_for(application.coalition.lead_organisation_id)
    if not represented_by(actor).filter(pk=application.pk).exists():
        known = application.collaborators.order_by().values("invited_by")
        speakers = speakers.filter(Q(pk=application.created_by_id) | Q(pk__in=known))
    return User.objects.filter(
        Q(pk=actor.pk)
        | Q(pk__in=joined.order_by().values("user"))
        | Q(pk__in=speakers.order_by().values("pk")),
        is_active=True,
    ).order_by("full_name", "pk")


def with_open_tasks(drafts: QuerySet[Application], **whose: Any) -> QuerySet[Application]:
    """Return drafts with ``open_tasks``: what is still to be done, by day, each with ``what``, ``due_on`` and ``name``; no query more."""
    still_open = Task.objects.filter(application=OuterRef("pk"), done_at=None, **whose).order_by(
        "due_on", "pk"
    )
    shown = JSONObject(pk="pk", what="what", due_on="due_on", name="assigned_to__full_name")
    return drafts.annotate(open_tasks=ArraySubquery(still_open.values_list(shown)[:_SHOWN]))


def has_open_task(person: User) -> Exists:
    """Return, for drafts, whether somebody has something to do in them."""
    own = Task.objects.filter(application=OuterRef("pk"), assigned_to=person.pk, done_at=None)
    return Exists(own.filter(application__status=Status.DRAFT))


def due_on_of(task: dict[str, Any]) -> date:
    """Return the day of a task that was read with its draft."""
    return date.fromisoformat(task["due_on"])
