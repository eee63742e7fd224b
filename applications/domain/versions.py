"""When a save begins a version, so that what stood is kept, and when it goes on with the version that stands (rule 32)."""

from dataclasses import dataclass
from datetime import datetime

from hubportal.accounts.models import User
from hubportal.kernel.earlier_versions import ONE_VERSION


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
