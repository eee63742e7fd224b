"""Ending a term to complete that passed unused, and reminding of it before (Awb 4:5 and 4:15; rules 36 and 42)."""

from datetime import datetime

from django.db import transaction

from applications.domain.locking import locked
from applications.enums import UNDECIDED_STATUSES
from completions.domain.mails import tell_lapsed, tell_reminder
from completions.events import LAPSED, REMINDED
from completions.models import CompletionRequest
from completions.queries import reminder_due, request_about, to_end, to_remind_of
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date


@transaction.atomic(durable=True)
def end_term_to_complete(*, application_id: int, at: datetime) -> bool:
    """Let an application wait no more for what did not come; ``False`` if it does not wait, or its last day is not over. Idempotent.

    The term to decide stood still until that day, and runs again. Nobody is told of what was withdrawn meanwhile.
    """
    application = locked(application_id)
    if not to_end(at=at).filter(pk=application.pk).exists():
        return False
    application.awaits_completion_until, application.completion_ended_at = None, at
    application.save(update_fields=["awaits_completion_until", "completion_ended_at"])
    request = request_about(application)
    assert request is not None  # it waits for what this asked
    request.lapsed_at = at
    request.save(update_fields=["lapsed_at"])
    record(LAPSED, subject=request, actor=None, at=at)
    if application.status in UNDECIDED_STATUSES:
        tell_lapsed(application, request, at=at)
    return True


@transaction.atomic(durable=True)
def remind_of_completion(*, request_id: int, at: datetime) -> bool:
    """Remind the applicants that something is asked of them; ``False`` if nothing is due. Idempotent: once a week and once two days before."""
    application = locked(CompletionRequest.objects.get(pk=request_id).application_id)
    request = to_remind_of(at=at).filter(pk=request_id).first()
    days = reminder_due(request, today=local_date(at)) if request is not None else None
    if request is None or days is None:
        return False
    request.reminded_days_before = days
    request.save(update_fields=["reminded_days_before"])
    record(REMINDED, subject=request, actor=None, at=at)
    tell_reminder(application, request, at=at)
    return True
