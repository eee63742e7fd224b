"""The mails that remind: of deadlines that come near or passed, and of answers that somebody waits for."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from applications.models import Application, Collaborator, OneTimeLink
from hubportal.accounts.models import User
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail

if TYPE_CHECKING:
    from applications.queries.deadlines import DueReminder


def queue_deadline_near(
    person: User, drafts: Sequence[Application], due: "DueReminder", *, at: datetime
) -> None:
    """Tell who may write drafts when they must be submitted; not sent any more once that is past."""
    _queue("deadline_near", person, drafts, due, send_before=due.review_round.deadline_at, at=at)


def queue_deadline_passed(
    person: User, drafts: Sequence[Application], due: "DueReminder", *, at: datetime
) -> None:
    """Tell who may write drafts that a deadline passed, and for which round they are ready, or that the call ended."""
    send_before = due.following.deadline_at if due.following else None
    _queue("deadline_passed", person, drafts, due, send_before=send_before, at=at)


def queue_consent_reminder(link: OneTimeLink, due: "DueReminder", *, at: datetime) -> None:
    """Remind a partner of the request that it has; the mail itself opens nothing."""
    coalition = link.application.coalition
    context = {
        "link": link,
        "lead": coalition.lead_name,
        "coalition": coalition,
        "call": due.review_round.call,
        "round": due.review_round,
        "settings_address": address_of("applications:reminders"),
    }
    subject, body = compose("consent_reminder", context)
    queue_mail(
        kind="consent_reminder",
        recipient=link.email,
        subject=subject,
        body=body,
        about=link.application.reference,
        send_before=min(due.review_round.deadline_at, link.expires_at),
        at=at,
    )


def queue_nudge(asked: OneTimeLink | Collaborator, *, at: datetime) -> None:
    """Remind somebody of what they were asked in a draft, because who asked wants it; the mail itself opens nothing."""
    application = asked.application
    address = address_of("applications:invitation", asked.key) if isinstance(asked, Collaborator) else ""
    context = {
        "asked": asked,
        "invited": isinstance(asked, Collaborator),
        "lead": application.coalition.lead_name,
        "coalition": application.coalition,
        "call": application.call,
        "address": address,
        "settings_address": address_of("applications:reminders"),
    }
    subject, body = compose("answer_nudged", context)
    queue_mail(
        kind="answer_nudged",
        recipient=asked.email,
        subject=subject,
        body=body,
        about=application.reference,
        send_before=None if isinstance(asked, Collaborator) else asked.expires_at,
        at=at,
    )


def _queue(
    kind: str,
    person: User,
    drafts: Sequence[Application],
    due: "DueReminder",
    *,
    send_before: datetime | None,
    at: datetime,
) -> None:
    context = {
        "person": person,
        "drafts": [(each.reference, address_of("applications:overview", each.reference)) for each in drafts],
        "call": due.review_round.call,
        "round": due.review_round,
        "following": due.following,
        "settings_address": address_of("applications:reminders"),
    }
    subject, body = compose(kind, context)
    queue_mail(
        kind=kind,
        recipient=person.email,
        subject=subject,
        body=body,
        about=drafts[0].reference,
        send_before=send_before,
        at=at,
    )
