"""Reminding who did not answer yet, at the request of who speaks for the lead organisation (rules 26 and 27)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.deadline_mails import queue_nudge
from applications.domain.links import check_not_too_many, is_alive, note_asked_mail
from applications.domain.locking import locked_draft
from applications.enums import CollaborationState, ReminderKind
from applications.events import NUDGED
from applications.models import Application, Collaborator, Nudge, OneTimeLink
from applications.permissions import may_ask_others
from applications.queries.collaborators import collaborators_of
from applications.queries.content import links_awaiting_consent
from applications.queries.deadlines import is_muted_at
from applications.queries.nudges import nudges_of_a_day
from coalitions.queries import contact_stands
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.queries import came_back
from organisations.ended import ended_by_nobody

# Between two reminders of one person, and between asking and the first.
QUIET = timedelta(days=2)
# Per person who reminds, in all drafts.
MOST_A_DAY = 20


@dataclass(frozen=True)
class Silent:
    """Somebody who was asked something and did not answer: a request for consent, or an invitation."""

    asked: OneTimeLink | Collaborator
    # Since when they heard nothing of it from us.
    last_at: datetime

    def is_due(self, *, at: datetime) -> bool:
        """Tell whether they may be reminded now."""
        return self.last_at <= at - QUIET

    @property
    def due_at(self) -> datetime:
        """Return from when on they may be reminded."""
        return self.last_at + QUIET


def silent_ones(
    links: Iterable[OneTimeLink],
    collaborators: Iterable[Collaborator],
    *,
    returned: Mapping[tuple[str, str], datetime],
    at: datetime,
) -> list[Silent]:
    """Return who did not answer, each mailbox once: two questions to one person are one reminder.

    ``links`` and ``collaborators`` with ``reminded_at``, ``returned`` as ``came_back`` gives it. Not to whom our mail came
    back, nor whose link does not work any more: these are asked again.
    """
    found: dict[str, Silent] = {}
    for each in links:
        if is_alive(each, at=at):
            _add(found, each, each.asked_at, returned.get(("consent_request", each.email)))
    for one in collaborators:
        if one.state == CollaborationState.INVITED:
            _add(found, one, one.invited_at, returned.get(("collaborator_invited", one.email)))
    return list(found.values())


def _add(found: dict[str, Silent], asked: Any, asked_at: datetime, back_at: datetime | None) -> None:
    if back_at is not None and back_at >= asked_at:
        return
    last_at = max(asked_at, asked.reminded_at or asked_at)
    box = mailbox(asked.email)
    earlier = found.get(box)
    # What was asked first is what they are reminded of, as long ago as they last heard of either.
    found[box] = Silent(
        earlier.asked if earlier else asked, max(last_at, earlier.last_at if earlier else last_at)
    )


@transaction.atomic(durable=True)
def remind_the_silent(*, application_id: int, actor: User, at: datetime) -> list[Nudge]:
    """Remind everybody who was asked something in a draft two days ago or more and did not answer; return of what.

    Idempotent: who was reminded in the last two days is left alone, so that a second click finds nobody. Whoever does not
    want such mails gets none, and nobody is told who. Raises ``NotAllowed``, ``WrongStatus``, ``TooManyMails``, and
    ``RuleViolation`` for who reminded as many today as one person can.
    """
    lock_person(actor)
    application = locked_draft(application_id, actor)
    may_ask_others.check(actor, application)
    silent = silent_ones(
        links_awaiting_consent(application).filter(contact_stands("participation__")),
        collaborators_of(application).filter(ended_by_nobody("participation__organisation", "mailbox")),
        returned=came_back(application.reference),
        at=at,
    )
    due = [each for each in silent if each.is_due(at=at)]
    room = MOST_A_DAY - nudges_of_a_day(actor, at=at).count()
    if due and room <= 0:
        raise RuleViolation(
            _("You have reminded %(most)d people today. That is the maximum; try again tomorrow.")
            % {"most": MOST_A_DAY}
        )
    return [_remind(application, each.asked, actor, at=at) for each in due[:room]]


def _remind(
    application: Application, asked: OneTimeLink | Collaborator, actor: User, *, at: datetime
) -> Nudge:
    asked.application = application
    check_not_too_many(actor, asked.email, at=at)
    note_asked_mail(actor, asked.email, at=at)
    nudge = Nudge.objects.create(
        application=application,
        link=asked if isinstance(asked, OneTimeLink) else None,
        collaborator=asked if isinstance(asked, Collaborator) else None,
        nudged_by=actor,
        nudged_at=at,
        was_mailed=not is_muted_at(ReminderKind.PARTNER, mailbox(asked.email)),
    )
    if nudge.was_mailed:
        queue_nudge(asked, at=at)
    record(NUDGED, subject=nudge, actor=actor, at=at)
    return nudge
