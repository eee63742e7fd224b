"""The acts between map and coalitions that are recorded."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

# Who does one of these takes part in the call of each application that the coalition has then (rules 14 and 29).
_steering = partial(Act, is_steering=True)

HELP_ASKED = _steering("matching.help_asked", _("kwartiermaker asked for help by a coalition"))
HELP_ENDED = _steering("matching.help_ended", _("request for help of a coalition ended"))
# On the organisation: which coalition it was is told to nobody by the event log.
PARTNER_PROPOSED = Act(
    "matching.partner_proposed", _("organisation proposed as a partner"), (Fact("region", _("region")),)
)
PROPOSAL_TAKEN_BACK = Act(
    "matching.proposal_taken_back", _("proposal of a partner taken back"), (Fact("region", _("region")),)
)
FOUND_SAID = Act("matching.found_said", _("organisation wants to be found on a question"))
FOUND_ENDED = Act("matching.found_ended", _("organisation no longer wants to be found on a question"))
