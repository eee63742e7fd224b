"""The rows of the coalitions app."""

from coalitions.models.coalition import Coalition
from coalitions.models.participation import Participation

__all__ = ["Coalition", "Participation"]
