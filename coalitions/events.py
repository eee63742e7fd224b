"""The acts on coalitions that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

STARTED = Act("coalitions.started", _("coalition started"))
LEAD_CORRECTED = Act("coalitions.lead_corrected", _("name of the lead organisation corrected"))
RENAMED = Act("coalitions.renamed", _("coalition given another name"))
SHOWN = Act("coalitions.shown", _("coalition shown on the map"))
HIDDEN = Act("coalitions.hidden", _("coalition no longer shown on the map"))
PARTNER_ADDED = Act("coalitions.partner_added", _("partner added"))
PARTNER_REMOVED = Act(
    "coalitions.partner_removed", _("partner removed"), (Fact("participation", _("participation")),)
)
CONTACT_CHANGED = Act("coalitions.contact_changed", _("contact person of a partner changed"))
