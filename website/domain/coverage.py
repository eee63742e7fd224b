"""The map of regions: shapes, names and states."""

from dataclasses import dataclass
from typing import Any

from regions.models import Region
from website.enums import HubState
from website.queries import public_states, with_states


@dataclass(frozen=True)
class RegionOnMap:
    """A region as it stands on the map and in the list beside it."""

    number: int
    name: str
    slug: str
    state: HubState
    shape: str
    label: dict[str, Any]


@dataclass(frozen=True)
class CoverageMap:
    """All regions, and the frame of the drawing."""

    view_box: str
    regions: list[RegionOnMap]
    # What the file of official outlines is called; empty where the drawing is schematic.
    source: str = ""

    def states(self) -> list[tuple[HubState, int]]:
        """Return the number of regions at each step."""
        return [(state, sum(each.state == state for each in self.regions)) for state in HubState]


def coverage_map() -> CoverageMap:
    """Return the map of all regions, in the order of their names."""
    regions = list(with_states(Region.objects.all()))
    states = public_states(regions)
    return CoverageMap(
        view_box=regions[0].view_box if regions else "0 0 1 1",
        regions=[
            RegionOnMap(
                number=number,
                name=region.name,
                slug=region.slug,
                state=states[region.pk].state,
                shape=region.shape,
                label=region.label,
            )
            for number, region in enumerate(regions, start=1)
        ],
        source=regions[0].outline_source if regions else "",
    )
