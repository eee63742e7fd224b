"""Erasing a coalition of which no application is kept, once it is past its retention period."""

from datetime import datetime

from coalitions.models import Coalition
from regions.domain.changes import note_changes


def erase_coalition(coalition: Coalition, *, at: datetime) -> None:
    """Erase a locked coalition with its places and their contact persons, within the act that destroys it.

    The organisations stay. Raises ``ProtectedError`` where an application still needs it.
    """
    coalition.participations.all().delete()
    coalition.delete()
    # What the map shows of the region is computed anew.
    note_changes([coalition.region_id], at=at)
