"""Settling a round: when every letter of it was sent, nothing of it is undecided any more (rule 26)."""

from datetime import datetime

from django.db import transaction

from applications.enums import Status
from calls.events import SETTLED
from calls.models import ReviewRound
from coalitions.domain.mapping import put_members_on_map
from decisions.queries import applications_of_round, rounds_to_settle
from hubportal.audit.domain.events import record
from regions.domain.changes import note_changes


@transaction.atomic(durable=True)
def settle_round(*, round_id: int, at: datetime) -> bool:
    """Record that every letter of a sealed round was sent. Idempotent.

    From then on the public state of its regions shows grants alone, and kwartiermakers know of the organisations to whose
    coalition one was granted. Returns ``False`` while something is undecided or
    not sent, or when it was recorded before.
    """
    review_round = ReviewRound.objects.select_for_update().get(pk=round_id)
    if not rounds_to_settle().filter(pk=round_id).exists():
        return False
    review_round.settled_at = at
    review_round.save(update_fields=["settled_at"])
    received = applications_of_round(review_round).order_by()
    granted = received.filter(status=Status.GRANTED).values_list("coalition", flat=True)
    put_members_on_map(list(granted), at=at)
    note_changes(received.values_list("coalition__region", flat=True).distinct(), at=at)
    record(SETTLED, subject=review_round, actor=None, at=at)
    return True
