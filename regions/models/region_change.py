"""What the stored public state of a region does not show yet."""

from django.db import models

from regions.models.region import Region


class RegionChange(models.Model):
    """A note that something changed which everybody may know of a region (wijziging).

    Acts only add notes: none of them waits for another of the same region. Who computes the state anew takes away the
    notes that were there before.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="changes")
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"change in {self.region_id}"
