"""The overview that a person gets once a day of what others did in their drafts (rules 26 and 37)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from applications.enums import ReminderKind
from applications.models import DailyOverview
from applications.queries.deadlines import muted_by
from applications.queries.overviews import Happened, morning_of, told_until, what_others_did
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.kernel.periods import days_later
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail


@transaction.atomic(durable=True)
def tell_of_the_day(*, person_id: int, at: datetime) -> bool:
    """Mail somebody what others did in their drafts until this morning; return whether there was something to mail.

    It names drafts, parts and numbers, and no words of anybody. Idempotent, also between two workers: once each morning.
    """
    person = User.objects.get(pk=person_id)
    lock_person(person)
    told, morning = told_until(person), morning_of(at)
    if told is not None and told >= morning:
        return False
    is_wanted = ReminderKind.OVERVIEW not in muted_by(person)
    happened = what_others_did(person, told=told, morning=morning) if is_wanted else []
    if happened:
        _queue(person, happened, morning=morning, at=at)
    DailyOverview.objects.update_or_create(user=person, defaults={"told_until": morning})
    return bool(happened)


def _queue(person: User, happened: Sequence[Happened], *, morning: datetime, at: datetime) -> None:
    context = {
        "person": person,
        "drafts": [(each, address_of("applications:overview", each.reference)) for each in happened],
        "morning": morning,
        "settings_address": address_of("applications:reminders"),
    }
    subject, body = compose("daily_overview", context)
    queue_mail(
        kind="daily_overview",
        recipient=person.email,
        subject=subject,
        body=body,
        about=happened[0].reference,
        # The next one tells what is newer.
        send_before=days_later(morning, 1),
        at=at,
    )
