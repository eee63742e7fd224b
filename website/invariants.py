"""Invariants of what everybody may know of a region (rules 22 and 26)."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from hubportal.kernel.invariants import Violation, each_breaks
from regions.models import RegionChange
from website.following_queries import mails_without_follower
from website.models import RegionState
from website.queries import computed_states


def violations() -> Iterator[Violation]:
    """Yield each stored state that pages show although another one is true; where a change is noted they do not."""
    stored = RegionState.objects.in_bulk()
    true = computed_states(stored)
    other = [region for region, state in stored.items() if state.counts != true[region].counts]
    noted = RegionChange.objects.filter(region=OuterRef("pk"))
    shown = RegionState.objects.filter(~Exists(noted), pk__in=other)
    yield from each_breaks(23, mails_without_follower(), "is a mail to somebody who follows no more")
    yield from each_breaks(26, shown, "is stored otherwise than what may be known of the region comes to")
