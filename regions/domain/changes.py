"""Noting that the public state of a region is to be computed anew."""

from collections.abc import Iterable
from datetime import datetime

from regions.models import RegionChange


def note_changes(region_ids: Iterable[int], *, at: datetime) -> None:
    """Note, in the transaction of the act, that what everybody may know of these regions changed (rule 22)."""
    RegionChange.objects.bulk_create(RegionChange(region_id=each, noted_at=at) for each in region_ids)
