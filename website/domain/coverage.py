"""The map of regions: shapes, names and how far each region is."""

from dataclasses import dataclass

from regions.models import Region
from website.domain.labels import Label, NamedShape, frame_of, place_labels
from website.enums import HubState
from website.queries import hub_states


@dataclass(frozen=True)
class RegionOnMap:
    """A region as it stands on the map and in the list beside it."""

    number: int
    name: str
    slug: str
    state: HubState
    shape: str
    label: Label
    # Coordinates as text: in an attribute they take no part in how a language writes numbers.
    x: str
    y: str


@dataclass(frozen=True)
class CoverageMap:
    """All regions, and the frame of the drawing."""

    view_box: str
    regions: list[RegionOnMap]

    def states(self) -> list[tuple[HubState, int]]:
        """Return every step with how many regions are there."""
        return [(state, sum(each.state == state for each in self.regions)) for state in HubState]


def coverage_map() -> CoverageMap:
    """Return the map of all regions, in the order of their names."""
    regions = list(Region.objects.all())
    states = hub_states()
    shapes = [NamedShape(each.name, each.shape, each.label_x, each.label_y) for each in regions]
    labelled = zip(regions, place_labels(shapes), strict=True)
    return CoverageMap(
        view_box=" ".join(f"{each:.1f}" for each in frame_of(shapes)),
        regions=[
            RegionOnMap(
                number=number,
                name=region.name,
                slug=region.slug,
                state=states[region.pk],
                shape=region.shape,
                label=label,
                x=f"{region.label_x:.1f}",
                y=f"{region.label_y + 10:.1f}",
            )
            for number, (region, label) in enumerate(labelled, start=1)
        ],
    )
