"""The rows of the organisations app."""

from organisations.models.organisation import Organisation
from organisations.models.organisation_kind import OrganisationKind
from organisations.models.recommendation import Recommendation
from organisations.models.representative import Representative
from organisations.models.stated import StatedOrganisation

__all__ = ["Organisation", "OrganisationKind", "Recommendation", "Representative", "StatedOrganisation"]
