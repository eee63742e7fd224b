"""The acts on regions that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

OUTLINES_DRAWN = Act(
    "regions.outlines_drawn", _("regions drawn by official outlines"), (Fact("regions", _("regions")),)
)
