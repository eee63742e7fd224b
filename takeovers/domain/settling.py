"""What every way to settle a request for a dossier has in common, within the act that does it."""

from datetime import datetime, timedelta
from secrets import randbelow

from applications.domain.locking import locked
from applications.models import Application
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.periods import next_working_day
from organisations.domain.representing import hold
from organisations.models import Representative
from takeovers.enums import TakeoverState
from takeovers.events import SETTLED
from takeovers.models import Takeover

# The days and hours in which an officer decides about where nothing was found, and about the others.
_MOST_DAYS, _FIRST_HOUR, _MINUTES_A_DAY = 4, 9, 8 * 60


def locked_takeover(takeover_id: int) -> Takeover:
    """Lock and return a request, its draft in front of it: in the order of every other act on both."""
    key = Takeover.objects.values_list("application", flat=True).get(pk=takeover_id)
    application: Application | None = locked(key) if key is not None else None
    rows = Takeover.objects.select_related("asked_by", "organisation", "region", "holder")
    takeover = rows.select_for_update(of=("self",)).get(pk=takeover_id)
    takeover.application = application
    return takeover


def moment_of_an_officer(after: datetime) -> datetime:
    """Return a moment that nobody can foresee, on one of the next working days and in office hours."""
    day = local_date(after)
    for _each in range(1 + randbelow(_MOST_DAYS)):
        day = next_working_day(day + timedelta(days=1))
    return local_moment(day, _FIRST_HOUR) + timedelta(minutes=randbelow(_MINUTES_A_DAY))


def settle(
    takeover: Takeover,
    state: TakeoverState,
    *,
    actor: User | None,
    at: datetime,
    reason: str = "",
    answer: str = "",
) -> Takeover:
    """Write down what became of a locked request, and let the office settle the word itself elsewhere again."""
    takeover.state, takeover.settled_at, takeover.settled_by = state, at, actor
    takeover.reason, takeover.answer = reason.strip(), answer.strip()
    if takeover.tell_from_at is not None and takeover.tell_from_at <= at:
        # An answer right after a stop or a submission would tell of it (rule 26).
        takeover.tell_from_at = moment_of_an_officer(at)
    takeover.save(update_fields=["state", "settled_at", "settled_by", "reason", "answer", "tell_from_at"])
    # Also where it was ended and said again meanwhile: nobody else may wait for a decision that was taken.
    held = Representative.objects.filter(
        user=takeover.asked_by_id, organisation=takeover.organisation_id, held_at__isnull=False
    )
    for each in held:
        hold(each, None)
    # Who stops it speaks for the lead; all else is of the office, of who asks, or of time.
    is_steering = state == TakeoverState.STOPPED
    record(SETTLED, subject=takeover, actor=actor, at=at, facts={"state": state}, is_steering=is_steering)
    return takeover
