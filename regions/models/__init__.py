"""The rows of the regions app."""

from regions.models.municipality import Municipality
from regions.models.place_name import PlaceKey, PlaceName
from regions.models.postcode_range import PostcodeRange
from regions.models.region import Region
from regions.models.region_change import RegionChange

__all__ = ["Municipality", "PlaceKey", "PlaceName", "PostcodeRange", "Region", "RegionChange"]
