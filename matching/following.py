"""What of proposals follows an organisation of the map that goes on with another row."""

from matching.models import PartnerProposal

FOLLOWING = ((PartnerProposal, "organisation"),)
