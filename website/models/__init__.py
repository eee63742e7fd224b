"""The rows of the website app."""

from website.models.region_state import RegionState

__all__ = ["RegionState"]
