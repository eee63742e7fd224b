"""Reads of regions."""

from django.db.models import QuerySet

from regions.models import Municipality, Region


def all_regions() -> QuerySet[Region]:
    """Return every region, by name."""
    return Region.objects.order_by("sort_name")


def all_municipalities() -> QuerySet[Municipality]:
    """Return every municipality, by name."""
    return Municipality.objects.order_by("sort_name")


def municipality_by_code(code: str) -> Municipality | None:
    """Return the municipality with a code of the national statistics, if there is one."""
    return Municipality.objects.filter(code=code).first()
