"""What of a withdrawal can be undone (rules 21 and 30)."""

from datetime import datetime, timedelta
from enum import StrEnum

from applications.enums import REINSTATE_HOURS, Status
from applications.models import Application


class WayBack(StrEnum):
    """What a page says of undoing a withdrawal, the easiest first: each is worse than those before it."""

    # Put back as it was for some days.
    DRAFT = "draft"
    # Put back once, within a day and before the deadline.
    REINSTATED = "received"
    NONE = "final"

    def is_worse_than(self, shown: str) -> bool:
        """Tell whether less can be undone than was shown; what is unknown was no promise of less."""
        ranks = list(WayBack)
        return ranks.index(self) > (ranks.index(WayBack(shown)) if shown in ranks else 0)


def way_back_of(application: Application, *, at: datetime) -> WayBack:
    """Return how an application that is withdrawn at a moment can be put back."""
    if application.is_draft:
        return WayBack.DRAFT
    until = reinstate_until(application, withdrawn_at=at)
    return WayBack.NONE if until is None else WayBack.REINSTATED


def reinstate_until(application: Application, *, withdrawn_at: datetime | None = None) -> datetime | None:
    """Return the moment before which a submission that is withdrawn at a moment can be put back; None if it never can.

    A day after the withdrawal, but never past the deadline of its round; and once, so that partners are not told again and
    again that it is gone and back.
    """
    review_round, since = application.review_round, withdrawn_at or application.withdrawn_at
    if review_round is None or since is None or application.reinstated_at is not None:
        return None
    if since >= review_round.deadline_at:
        return None
    return min(since + timedelta(hours=REINSTATE_HOURS), review_round.deadline_at)


def can_be_reinstated(application: Application, *, at: datetime) -> bool:
    """Tell whether a submission was withdrawn so lately that it can be put back."""
    until = reinstate_until(application) if application.status == Status.WITHDRAWN else None
    return until is not None and at < until
