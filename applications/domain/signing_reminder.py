"""The reminder to sign, some days before the term to sign ends: each call sets how many, see ``fixtures/`` (rule 10)."""

from datetime import datetime

from django.db import transaction

from applications.domain.locking import locked
from applications.domain.signing import ask_missing, signature_due_at, signing_states
from applications.enums import UNDECIDED_STATUSES
from applications.queries import submitter_of
from hubportal.accounts.domain.locking import lock_person
from hubportal.kernel.periods import days_later


@transaction.atomic(durable=True)
def remind_to_sign(*, application_id: int, at: datetime) -> int:
    """Remind those who have not signed shortly before the term ends, and return how many.

    Idempotent, also between two workers: a person asked within those days is not asked again.
    """
    submitter = submitter_of(application_id)
    if submitter is None:
        return 0
    lock_person(submitter)
    application = locked(application_id)
    due_at = signature_due_at(application)
    if application.status not in UNDECIDED_STATUSES or due_at is None:
        return 0
    remind_at = days_later(due_at, -application.call.signing_reminder_days)
    if not remind_at <= at < due_at:
        return 0
    return ask_missing(
        application,
        signing_states(application),
        actor=submitter,
        at=at,
        unless_since=remind_at,
        is_reminder=True,
    )
