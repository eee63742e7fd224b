"""Marking the public state of a region as stale."""

from collections.abc import Iterable
from datetime import datetime

from regions.models import RegionChange


def note_changes(region_ids: Iterable[int], *, at: datetime) -> None:
    """Mark these regions as stale, in the transaction of the act that changes their public state (rule 22)."""
    RegionChange.objects.bulk_create(RegionChange(region_id=each, noted_at=at) for each in region_ids)
