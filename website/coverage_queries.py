"""Reads of how much of the country is covered."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models.functions import TruncMonth

from mapping.agreement_queries import shown_in_stream
from organisations.queries import public_organisations, public_organisations_by_region
from organisations.streams import Stream
from website.models import CoverageDay


def regions_by_stream(region_ids: Iterable[int]) -> dict[str, Counter[int]]:
    """Return for each stream how many public organisations of it visitors see in each region, by primary key."""
    pairs = list(public_organisations_by_region(region_ids))
    found: dict[str, Counter[int]] = {}
    for stream in Stream.values:
        belongs = set(
            public_organisations().filter(shown_in_stream(stream)).order_by().values_list("pk", flat=True)
        )
        found[stream] = Counter(region for region, organisation in pairs if organisation in belongs)
    return found


def is_kept(day: date) -> bool:
    """Tell whether the coverage of a day is kept."""
    return CoverageDay.objects.filter(day=day).exists()


def coverage_by_month() -> list[list[CoverageDay]]:
    """Return for each month what was covered on its last day that is kept, the latest month first."""
    last = (
        CoverageDay.objects.annotate(month=TruncMonth("day"))
        .order_by("-month", "covered", "-day", "pk")
        .distinct("month", "covered")
    )
    months: dict[date, list[CoverageDay]] = {}
    for each in last:
        months.setdefault(each.month, []).append(each)
    return list(months.values())
