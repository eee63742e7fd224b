"""Reminders of the deadlines of a call: its data say how many days and hours before (rules 26 and 36)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from applications.domain.deadline_mails import (
    queue_consent_reminder,
    queue_deadline_near,
    queue_deadline_passed,
)
from applications.domain.links import is_alive
from applications.domain.locking import locked
from applications.enums import ReminderKind
from applications.events import DEADLINE_REMINDED
from applications.models import DeadlineReminder, MutedReminder, OneTimeLink
from applications.queries.deadlines import (
    DueReminder,
    due_reminders,
    is_muted_at,
    muted_by,
    own_drafts,
    requests_to_remind_of,
    writers_to_remind,
)
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.mailboxes import mailbox


@transaction.atomic(durable=True)
def remind_of_deadlines(*, person_id: int, at: datetime) -> int:
    """Mail somebody that a deadline comes near or passed for drafts that they may write; return how many mails.

    Idempotent, also between two workers and when the deadline is shifted: once for each person, round and kind.
    """
    person = User.objects.get(pk=person_id)
    lock_person(person)
    due = [each for each in due_reminders(at=at) if writers_to_remind(each).filter(pk=person.pk).exists()]
    return sum(_remind(person, each, at=at) for each in due)


def _remind(person: User, due: DueReminder, *, at: datetime) -> bool:
    # Locked: who submits now is either seen here, or waits until this mail is written.
    drafts = list(own_drafts(person, due).select_for_update(of=("self",)))
    is_mailed = bool(drafts) and due.kind not in muted_by(person)
    if is_mailed and due.kind == ReminderKind.PASSED:
        queue_deadline_passed(person, drafts, due, at=at)
    elif is_mailed:
        queue_deadline_near(person, drafts, due, at=at)
    _keep(due, was_mailed=is_mailed, at=at, user=person)
    return is_mailed


@transaction.atomic(durable=True)
def remind_partner(*, link_id: int, at: datetime) -> bool:
    """Mail a partner that its answer is still asked before a deadline, without a new link; return whether it was.

    Idempotent as ``remind_of_deadlines``. The link that they have keeps working: a new one would close the page that
    somebody may just be reading, and its secret is not kept to be sent again.
    """
    application = locked(OneTimeLink.objects.get(pk=link_id).application_id)
    link = OneTimeLink.objects.select_related("participation").get(pk=link_id)
    link.application = application
    mailed = False
    for due in due_reminders(at=at):
        if due.kind == ReminderKind.PASSED or not is_alive(link, at=at):
            continue
        if requests_to_remind_of(due).filter(pk=link.pk).exists():
            mailed = not is_muted_at(ReminderKind.PARTNER, mailbox(link.email))
            if mailed:
                queue_consent_reminder(link, due, at=at)
            _keep(due, was_mailed=mailed, at=at, link=link)
    return mailed


def _keep(due: DueReminder, *, was_mailed: bool, at: datetime, **whom: User | OneTimeLink) -> None:
    kept = DeadlineReminder.objects.create(
        review_round=due.review_round, kind=due.kind, made_at=at, was_mailed=was_mailed, **whom
    )
    if was_mailed:
        record(DEADLINE_REMINDED, subject=kept, actor=None, at=at)


@transaction.atomic(durable=True)
def choose_reminders(*, wanted: Iterable[str], actor: User) -> None:
    """Keep which reminders somebody wants; nothing that binds is among them. Idempotent.

    No event: one about oneself would keep an account that nobody uses any more from being destroyed.
    """
    lock_person(actor)
    muted = set(ReminderKind.values) - set(wanted)
    MutedReminder.objects.filter(user=actor).exclude(kind__in=muted).delete()
    MutedReminder.objects.bulk_create(
        [MutedReminder(user=actor, kind=each) for each in sorted(muted)], ignore_conflicts=True
    )
