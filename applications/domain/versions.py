"""When a save begins a version, so that what stood is kept, and when it goes on with the version that stands (rule 32)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from hubportal.accounts.models import User

# One version holds what a person saves within it, so that the last 30 reach back usefully.
ONE_VERSION = timedelta(minutes=10)
# Of a text: what is taken out beyond both begins a version, so that no slip of the hand is beyond recall.
MANY_CHARACTERS = 200
LARGE_PART = 5


@dataclass(frozen=True)
class Saving:
    """Who saves when and over which version, which is 0 where nothing is saved yet.

    ``begins`` where a newer version is overwritten on purpose; ``restored_from`` where an earlier one is put back: the
    moment at which that was saved.
    """

    seen: int
    actor: User
    at: datetime
    begins: bool = False
    restored_from: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """The version that stands: since when it is written on, by whom, and what it puts back."""

    begun_at: datetime | None
    saved_by_id: int
    restored_from: datetime | None


def begins_a_version(standing: Standing, saving: Saving, *, takes_out_much: bool) -> bool:
    """Tell whether a save begins a version, before which the database keeps the one that stands."""
    return (
        saving.begins
        or saving.restored_from is not None
        or standing.restored_from is not None
        or standing.saved_by_id != saving.actor.pk
        or standing.begun_at is None
        or saving.at - standing.begun_at >= ONE_VERSION
        or takes_out_much
    )


def taken_out(before: str, after: str) -> int:
    """Return how many characters a change took out: all between what is the same at both ends."""
    start = _same_at_start(before, after)
    return len(before) - start - _same_at_start(before[start:][::-1], after[start:][::-1])


def _same_at_start(text: str, other: str) -> int:
    return sum(1 for _each in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def is_much(taken: int, *, length: int) -> bool:
    """Tell whether so many characters, of a text that had this length, are much."""
    return taken > max(MANY_CHARACTERS, length // LARGE_PART)
