"""How much of the country is covered (landelijk dekkend): now, and day by day as everybody could see it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hubportal.kernel.clock import local_date
from organisations.streams import Stream
from regions.models import Region
from regions.queries import all_regions
from website.coverage_queries import coverage_by_month, is_kept, regions_by_stream
from website.enums import Covered, HubState
from website.models import CoverageDay, RegionState
from website.queries import public_states, with_states


@dataclass(frozen=True)
class Share:
    """How many regions and inhabitants something holds for, of how many."""

    what: Any
    regions: int
    inhabitants: int
    of_inhabitants: int

    @property
    def percent(self) -> float:
        """Return the share of the inhabitants, in percent."""
        return 100 * self.inhabitants / self.of_inhabitants if self.of_inhabitants else 0.0


@dataclass(frozen=True)
class Coverage:
    """Every region with what everybody may know of it, and with how many public organisations of each stream."""

    regions: list[Any]
    states: Mapping[int, RegionState]
    streams: Mapping[str, Counter[int]]

    @property
    def inhabitants(self) -> int:
        """Return how many people live in all regions together."""
        return sum(each.population_2021 for each in self.regions)

    def by_state(self) -> list[Share]:
        """Return the share at each step, which come to all."""
        return [
            self._share(state, [each for each in self.regions if self.states[each.pk].state == state])
            for state in HubState
        ]

    def by_way(self) -> list[Share]:
        """Return the share that is covered in each way that is public for good."""
        return [
            self._share(way, [each for each in self.regions if self._is_covered(each, way)])
            for way in Covered
        ]

    def _is_covered(self, region: Region, way: Covered) -> bool:
        if way.value in Stream.values:
            return self.streams[way.value][region.pk] > 0
        counted = HubState.MAPPED if way == Covered.KNOWN else HubState.GRANTED
        return self.states[region.pk].counts.get(counted, 0) > 0

    def _share(self, what: Any, regions: list[Any]) -> Share:
        inhabitants = sum(each.population_2021 for each in regions)
        return Share(what, len(regions), inhabitants, self.inhabitants)


@dataclass(frozen=True)
class Month:
    """What was covered on the last day of a month that is kept, in each way."""

    day: date
    shares: list[Share]

    def by_name(self) -> dict[str, Any]:
        """Return the day, and each share under the name of its way."""
        return {"day": self.day, **{each.what.value: each for each in self.shares}}


def months_kept(inhabitants: int) -> list[Month]:
    """Return each month of which a day was kept, the latest first, as shares of this many inhabitants."""
    return [
        Month(
            max(each.day for each in days),
            [
                Share(way, each.regions, each.inhabitants, inhabitants)
                for way in Covered
                for each in days
                if each.covered == way
            ],
        )
        for days in coverage_by_month()
    ]


def coverage_now() -> Coverage:
    """Return what everybody may know now."""
    regions = list(with_states(all_regions()))
    return Coverage(regions, public_states(regions), regions_by_stream(each.pk for each in regions))


@transaction.atomic(durable=True)
def keep_coverage(*, at: datetime) -> int:
    """Keep how much is covered on the day of a moment, and return how many rows that took. Idempotent: a day that is kept stays."""
    day: date = local_date(at)
    if is_kept(day):
        return 0
    kept = CoverageDay.objects.bulk_create(
        [
            CoverageDay(day=day, covered=each.what, regions=each.regions, inhabitants=each.inhabitants)
            for each in coverage_now().by_way()
        ],
        # Somebody else may keep the same day at this very moment.
        ignore_conflicts=True,
    )
    return len(kept)
