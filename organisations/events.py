"""The acts on organisations that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act

ADDED = Act("organisations.added", _("organisation put on the map"))
CLAIMED = Act("organisations.claimed", _("organisation added to an account"))
