"""The rows of the mapping app."""

from mapping.models.correction_request import CorrectionRequest
from mapping.models.kwartiermaker_assignment import KwartiermakerAssignment
from mapping.models.map_entry import MapEntry
from mapping.models.merge import Merge
from mapping.models.participation_question import Engagement, ParticipationQuestion
from mapping.models.publishing_request import PublishingRequest
from mapping.models.refused_number import RefusedNumber
from mapping.models.tie import Tie

__all__ = [
    "CorrectionRequest",
    "Engagement",
    "KwartiermakerAssignment",
    "MapEntry",
    "Merge",
    "ParticipationQuestion",
    "PublishingRequest",
    "RefusedNumber",
    "Tie",
]
