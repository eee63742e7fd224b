"""Second factors that people switch on and off themselves."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.enums import SecondFactor
from hubportal.accounts.events import SECOND_FACTOR_ADDED, SECOND_FACTOR_REMOVED
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record


@transaction.atomic(durable=True)
def note_second_factor(*, person: User, kind: SecondFactor, is_added: bool, at: datetime) -> None:
    """Record that somebody added or removed a second factor of their own."""
    if is_added:
        record(SECOND_FACTOR_ADDED, subject=person, actor=person, at=at, facts={"kind": kind})
    else:
        record(SECOND_FACTOR_REMOVED, subject=person, actor=person, at=at, facts={"kind": kind})
