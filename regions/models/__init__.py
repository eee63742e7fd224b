"""The rows of the regions app."""

from regions.models.kwartiermaker_assignment import KwartiermakerAssignment
from regions.models.municipality import Municipality
from regions.models.organisation import Organisation
from regions.models.participation_question import Engagement, ParticipationQuestion
from regions.models.postcode_range import PostcodeRange
from regions.models.region import Region
from regions.models.representative import Representative

__all__ = [
    "Engagement",
    "KwartiermakerAssignment",
    "Municipality",
    "Organisation",
    "ParticipationQuestion",
    "PostcodeRange",
    "Region",
    "Representative",
]
