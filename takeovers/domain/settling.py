"""What every way to settle a request for a dossier has in common, within the act that does it."""

from datetime import datetime

from applications.domain.locking import locked
from applications.models import Application
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from organisations.domain.representing import hold
from organisations.models import Representative
from takeovers.enums import TakeoverState
from takeovers.events import SETTLED
from takeovers.models import Takeover


def locked_takeover(takeover_id: int) -> Takeover:
    """Lock and return a request, its draft in front of it: in the order of every other act on both."""
    key = Takeover.objects.values_list("application", flat=True).get(pk=takeover_id)
    application: Application | None = locked(key) if key is not None else None
    rows = Takeover.objects.select_related("asked_by", "organisation", "region", "holder")
    takeover = rows.select_for_update(of=("self",)).get(pk=takeover_id)
    takeover.application = application
    return takeover


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
    takeover.save(update_fields=["state", "settled_at", "settled_by", "reason", "answer"])
    # Also where it was ended and said again meanwhile: nobody else may wait for a decision that was taken.
    held = Representative.objects.filter(
        user=takeover.asked_by_id, organisation=takeover.organisation_id, held_at__isnull=False
    )
    for each in held:
        hold(each, None)
    record(SETTLED, subject=takeover, actor=actor, at=at, facts={"state": state})
    return takeover
