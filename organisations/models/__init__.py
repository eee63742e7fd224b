"""The rows of the organisations app."""

from organisations.models.organisation import Organisation
from organisations.models.representative import Representative

__all__ = ["Organisation", "Representative"]
