"""Reads of regions."""

from django.db.models import QuerySet

from regions.models import Region


def all_regions() -> QuerySet[Region]:
    """Return every region, by name."""
    return Region.objects.order_by("sort_name")
