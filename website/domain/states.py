"""Storing the public state of regions."""

from django.db import transaction

from regions.models import Region, RegionChange
from website.models import RegionState
from website.queries import computed_states, with_states

_COUNTS = [each.value for each in RegionState.COUNTED]


@transaction.atomic(durable=True)
def renew_region_states() -> int:
    """Compute and store the state of each stale region, and return how many. Idempotent.

    Each statement sees what was committed before it. So the notes are read first and the state is computed after them: an
    act in between leaves a note that stays. Regions that another worker holds are left to it.
    """
    stale = with_states(Region.objects.all()).filter(is_stale=True)
    held = stale.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)
    regions = [each.pk for each in held]
    noted = list(RegionChange.objects.filter(region__in=regions).values_list("pk", flat=True))
    RegionState.objects.bulk_create(
        computed_states(regions).values(),
        update_conflicts=True,
        unique_fields=["region"],
        update_fields=_COUNTS,
    )
    RegionChange.objects.filter(pk__in=noted).delete()
    return len(regions)
