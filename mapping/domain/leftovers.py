"""What stays of the map on a row that went off it."""

from mapping.models import Merge
from organisations.models import Organisation


def make_way(organisation: Organisation, moved: Organisation) -> None:
    """Clear a row that another one of the map goes to, within the caller's act, and take along what was merged into that.

    What the row itself kept since it was merged, comes back no more.
    """
    Merge.objects.filter(gone=moved).delete()
    moved.map_entries.all().delete()
    moved.engagements.all().delete()
    Merge.objects.filter(kept=organisation).update(kept=moved)
