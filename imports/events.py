"""The acts on imports that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_REGION = Fact("region", _("region"))

TAKEN = Act(
    "imports.taken",
    _("rows of a spreadsheet put on the map of a region"),
    (_REGION, Fact("added", _("added")), Fact("changed", _("changed"))),
)
UNDONE = Act(
    "imports.undone",
    _("rows of a spreadsheet taken off the map again"),
    (_REGION, Fact("undone", _("undone")), Fact("kept", _("left on the map"))),
)
