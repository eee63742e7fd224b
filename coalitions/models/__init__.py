"""The rows of the coalitions app."""

from coalitions.models.coalition import Coalition
from coalitions.models.former_partner import FormerPartner
from coalitions.models.participation import Participation

__all__ = ["Coalition", "FormerPartner", "Participation"]
