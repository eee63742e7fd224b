"""The rows of the website app."""

from website.models.coverage_day import CoverageDay
from website.models.region_follower import RegionFollower, RegionNews
from website.models.region_state import RegionState

__all__ = ["CoverageDay", "RegionFollower", "RegionNews", "RegionState"]
