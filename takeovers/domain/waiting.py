"""The wait of a request for a dossier: warning everybody with a role, and telling who asked what became of it (rule 41)."""

from datetime import datetime, timedelta
from secrets import randbelow

from django.db import transaction

from applications.queries.handovers import contact_of
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.periods import days_later, next_working_day
from takeovers.domain import mails
from takeovers.domain.settling import locked_takeover, settle
from takeovers.enums import TakeoverState
from takeovers.events import WARNED
from takeovers.models import Takeover
from takeovers.queries import draft_asked_for, longest_days, takeovers_to_tell

# After the wait, in the days and hours in which an officer decides about where nothing was found, and about the others.
_MOST_DAYS, _FIRST_HOUR, _MINUTES_A_DAY = 4, 9, 8 * 60


@transaction.atomic(durable=True)
def begin_wait(*, takeover_id: int, at: datetime) -> bool:
    """Find the draft that somebody asks for, warn everybody with a role in it, and begin the wait. Idempotent.

    Where there is none, the wait is as long: who asked cannot tell (rule 26).
    """
    takeover = Takeover.objects.select_for_update().select_related("asked_by").get(pk=takeover_id)
    if not takeover.is_open or takeover.warned_at is not None:
        return False
    application = draft_asked_for(takeover)
    days = longest_days()
    if application is not None:
        days = application.call.takeover_days
        takeover.application, takeover.holder = application, contact_of(application)
    takeover.warned_at, takeover.decide_from_at = at, days_later(at, days)
    takeover.tell_from_at = _moment_of_an_officer(takeover.decide_from_at)
    takeover.warned = mails.queue_asked(takeover, at=at)
    takeover.save(
        update_fields=["application", "holder", "warned_at", "decide_from_at", "tell_from_at", "warned"]
    )
    record(WARNED, subject=takeover, actor=None, at=at)
    return True


def _moment_of_an_officer(after: datetime) -> datetime:
    """Return a moment that nobody can foresee, on one of the next working days and in office hours."""
    day = local_date(after)
    for _each in range(1 + randbelow(_MOST_DAYS)):
        day = next_working_day(day + timedelta(days=1))
    return local_moment(day, _FIRST_HOUR) + timedelta(minutes=randbelow(_MINUTES_A_DAY))


@transaction.atomic(durable=True)
def tell_of_the_end(*, takeover_id: int, at: datetime) -> bool:
    """Tell who asked that they do not get it, some time after the wait: of a stop, or since it is no draft any more. Idempotent."""
    takeover = locked_takeover(takeover_id)
    if not takeovers_to_tell(at=at).filter(pk=takeover_id).exists():
        return False
    if takeover.is_open:
        settle(takeover, TakeoverState.LAPSED, actor=None, at=at)
    takeover.told_at = at
    takeover.save(update_fields=["told_at"])
    mails.queue_closed(takeover, at=at)
    return True
