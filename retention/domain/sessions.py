"""Forgetting sessions that ended: who was logged in is not kept."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction


@transaction.atomic(durable=True)
def forget_ended_sessions(*, at: datetime) -> int:
    """Remove the sessions that ended before a moment, and return how many. Idempotent.

    ``at`` is the machine's own time, by which sessions end; nobody approves this, since it is nobody's record.
    """
    number, _each = Session.objects.filter(expire_date__lt=at).delete()
    return number
