"""The wait of a request for a dossier: warning everybody with a role, and telling who asked what became of it (rule 41)."""

from datetime import datetime

from django.db import transaction

from applications.queries.handovers import contact_of
from hubportal.audit.domain.events import record
from hubportal.kernel.periods import days_later
from organisations.models import Organisation
from takeovers.domain import mails
from takeovers.domain.settling import locked_takeover, moment_of_an_officer, settle
from takeovers.enums import TakeoverState
from takeovers.events import WARNED
from takeovers.models import Takeover
from takeovers.queries import draft_asked_for, longest_days, takeovers_to_tell, takeovers_to_warn_of


@transaction.atomic(durable=True)
def begin_wait(*, takeover_id: int, at: datetime) -> bool:
    """Find the draft that somebody asks for, warn everybody with a role in it, and begin the wait. Idempotent.

    Where there is none, the wait is as long: who asked cannot tell (rule 26).
    """
    organisation = Takeover.objects.filter(pk=takeover_id).values("organisation")
    # One after another: how many there were today is counted.
    Organisation.objects.select_for_update(no_key=True).get(pk__in=organisation)
    takeover = Takeover.objects.select_for_update().select_related("asked_by").get(pk=takeover_id)
    if not takeovers_to_warn_of(at=at).filter(pk=takeover_id).exists():
        return False
    application = draft_asked_for(takeover)
    days = longest_days()
    if application is not None:
        days = application.call.takeover_days
        takeover.application, takeover.holder = application, contact_of(application)
    takeover.warned_at, takeover.decide_from_at = at, days_later(at, days)
    takeover.tell_from_at = moment_of_an_officer(takeover.decide_from_at)
    takeover.warned = mails.queue_asked(takeover, at=at)
    takeover.save(
        update_fields=["application", "holder", "warned_at", "decide_from_at", "tell_from_at", "warned"]
    )
    record(WARNED, subject=takeover, actor=None, at=at)
    return True


@transaction.atomic(durable=True)
def tell_of_the_end(*, takeover_id: int, at: datetime) -> bool:
    """Let lapse what is no draft of the organisation any more; and tell who asked that they do not get it, some time after that or a stop. Idempotent."""
    takeover = locked_takeover(takeover_id)
    if not takeovers_to_tell(at=at).filter(pk=takeover_id).exists():
        return False
    if takeover.is_open:
        settle(takeover, TakeoverState.LAPSED, actor=None, at=at)
    if takeover.tell_from_at is None or takeover.tell_from_at > at:
        return True
    takeover.told_at = at
    takeover.save(update_fields=["told_at"])
    mails.queue_closed(takeover, at=at)
    return True
