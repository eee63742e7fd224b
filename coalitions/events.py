"""The acts on coalitions that are recorded."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

# Who does one of these takes part in the call of each application that the coalition has then (rules 14 and 29).
_steering = partial(Act, is_steering=True)

STARTED = Act("coalitions.started", _("coalition started"))
LEAD_CORRECTED = _steering("coalitions.lead_corrected", _("name of the lead organisation corrected"))
RENAMED = _steering("coalitions.renamed", _("coalition given another name"))
SHOWN = _steering("coalitions.shown", _("coalition shown on the map"))
HIDDEN = _steering("coalitions.hidden", _("coalition no longer shown on the map"))
PARTNER_ADDED = _steering("coalitions.partner_added", _("partner added"))
PARTNER_REMOVED = _steering(
    "coalitions.partner_removed", _("partner removed"), (Fact("participation", _("participation")),)
)
CONTACT_CHANGED = _steering("coalitions.contact_changed", _("contact person of a partner changed"))
