"""What stays of the map on a row that went off it."""

from django.db.models import Q

from mapping.models import Merge, Tie
from organisations.models import Organisation


def make_way(organisation: Organisation, moved: Organisation) -> None:
    """Clear a row that another one of the map goes to, within the caller's act, and take along what was merged into that.

    What the row itself kept since it was merged, comes back no more.
    """
    Merge.objects.filter(gone=moved).delete()
    moved.map_entries.all().delete()
    moved.engagements.all().delete()
    Tie.objects.filter(Q(one=moved) | Q(other=moved)).delete()
    Tie.objects.filter(one=organisation).update(one=moved)
    Tie.objects.filter(other=organisation).update(other=moved)
    Merge.objects.filter(kept=organisation).update(kept=moved)
