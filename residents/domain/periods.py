"""How long is kept what residents wrote."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation
from retention.enums import DataKind
from retention.queries import period_of


def kept_until(at: datetime) -> datetime:
    """Return until when a message that is confirmed at a moment is kept. Raises ``RuleViolation`` where nobody set that."""
    period = period_of(DataKind.RESIDENT_MESSAGES)
    over = period.over_at(at) if period else None
    if over is None:
        raise RuleViolation(
            _(
                "The programme office has not set how long this is kept. Until then you cannot send it; write to the programme office."
            )
        )
    return over
