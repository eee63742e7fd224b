"""Stale regions."""

from django.db import models

from regions.models.region import Region


class RegionChange(models.Model):
    """A note that something changed which everybody may know of a region (wijziging).

    Acts only insert notes, so they never wait for each other. Recomputing the state deletes the notes that it read.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="changes")
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"change in {self.region_id}"
