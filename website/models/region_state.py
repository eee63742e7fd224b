"""The public state of a region, stored so that pages only read it."""

from typing import ClassVar

from django.db import models

from regions.models import Region
from website.enums import HubState


class RegionState(models.Model):
    """What everybody may know of a region: its public organisations, and its coalitions at their furthest step.

    Written by ``domain.states`` alone, from ``queries.computed_states``; while a ``RegionChange`` stands against the
    region, pages compute it themselves.
    """

    region = models.OneToOneField(
        Region, on_delete=models.CASCADE, primary_key=True, related_name="public_state"
    )
    mapped = models.PositiveIntegerField(default=0, db_default=0)
    forming = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    granted = models.PositiveIntegerField(default=0)

    COUNTED: ClassVar = (HubState.MAPPED, HubState.FORMING, HubState.SUBMITTED, HubState.GRANTED)

    def __str__(self) -> str:
        return f"{self.region_id}: {self.state}"

    @property
    def counts(self) -> dict[HubState, int]:
        """Return how many organisations or coalitions are at each step that one is at."""
        numbers = {step: getattr(self, step.value) for step in self.COUNTED}
        return {step: number for step, number in numbers.items() if number}

    @property
    def state(self) -> HubState:
        """Return the furthest step that was taken."""
        return max(self.counts, key=self.COUNTED.index, default=HubState.NOTHING)
