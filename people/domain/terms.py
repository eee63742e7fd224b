"""For what people are kept, and until when."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.errors import RuleViolation
from retention.enums import DataKind
from retention.queries import period_of

PURPOSE = _(
    "The kwartiermaker of the region keeps your data to be able to ask you to take part in talks about health, care and"
    " support in your region, and to remember what you said there. We use them for nothing else, and only"
    " the kwartiermakers of this region see them."
)


def asked_until(at: datetime) -> datetime:
    """Return until when somebody may be kept to be asked, from the moment they were written down (GDPR art. 14)."""
    return _end_of(DataKind.ASKED_PEOPLE, at)


def agreed_until(at: datetime) -> datetime:
    """Return until when a consent of this moment holds."""
    return _end_of(DataKind.PEOPLE, at)


def _end_of(kind: DataKind, at: datetime) -> datetime:
    """Return the last moment of the day on which a period ends. Raises ``RuleViolation`` where its length is not known."""
    period = period_of(kind)
    over = period.over_at(at) if period else None
    if over is None:
        raise RuleViolation(
            _(
                "The programme office has not set how long people are kept. Until then nobody can be written down."
            )
        )
    return local_moment(local_date(over) + timedelta(days=1)) - timedelta(microseconds=1)
