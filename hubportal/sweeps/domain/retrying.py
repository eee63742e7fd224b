"""Trying postponed work again at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed
from hubportal.sweeps.models import PostponedRow

WHO_MAY_RETRY = (Role.OFFICER, Role.ADMINISTRATOR)


@transaction.atomic
def retry_now(*, postponed_id: int, actor: User, at: datetime) -> bool:
    """Let the next sweep try a row again; ``False`` when it was done meanwhile.

    The count of attempts stays. Raises ``NotAllowed`` for anyone but an officer or administrator.
    """
    if not actor.has_role(*WHO_MAY_RETRY):
        raise NotAllowed(_("Only the programme office can do this."))
    row = PostponedRow.objects.select_for_update().filter(pk=postponed_id).first()
    if row is None:
        return False
    row.next_attempt_at = at
    row.save(update_fields=["next_attempt_at"])
    record("sweeps.retried", subject=row, actor=actor, at=at, facts={"sweep": row.sweep})
    return True
