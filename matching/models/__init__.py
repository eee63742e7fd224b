"""The rows of the matching app."""

from matching.models.found_wish import FoundWish
from matching.models.help_request import HelpRequest
from matching.models.partner_proposal import PartnerProposal

__all__ = ["FoundWish", "HelpRequest", "PartnerProposal"]
