"""Erasing a coalition of which no application is kept, once it is past its retention period."""

from coalitions.models import Coalition


def erase_coalition(coalition: Coalition) -> None:
    """Erase a locked coalition with its places and their contact persons, within the act that destroys it.

    The organisations stay. Raises ``ProtectedError`` where an application still needs it.
    """
    coalition.participations.all().delete()
    coalition.delete()
