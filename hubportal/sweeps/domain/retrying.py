"""Retrying postponed work at once."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.sweeps.events import RETRIED
from hubportal.sweeps.models import PostponedRow
from hubportal.sweeps.permissions import may_retry


@transaction.atomic(durable=True)
def retry_now(*, postponed_id: int, actor: User, at: datetime) -> bool:
    """Let the next sweep try a row again; ``False`` if it was done meanwhile.

    Keeps the count of attempts. Raises ``NotAllowed`` unless the actor is an officer or administrator.
    """
    may_retry.check(actor)
    row = PostponedRow.objects.select_for_update().filter(pk=postponed_id).first()
    if row is None:
        return False
    row.next_attempt_at = at
    row.save(update_fields=["next_attempt_at"])
    record(RETRIED, subject=row, actor=actor, at=at, facts={"sweep": row.sweep})
    return True
