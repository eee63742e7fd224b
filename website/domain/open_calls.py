"""The calls that one can apply in now."""

from datetime import datetime

from calls.domain.rounds import round_for
from calls.models import Call, ReviewRound
from calls.queries import calls_open, public_calls


def open_public_calls(*, at: datetime) -> list[tuple[Call, ReviewRound | None]]:
    """Return the calls that are shown and open, each with the round that an application joins now."""
    found = calls_open(at=at).filter(pk__in=public_calls()).prefetch_related("rounds")
    return [(call, round_for(at, call.rounds.all())) for call in found]
