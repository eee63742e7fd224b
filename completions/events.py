"""The acts on requests to complete that are recorded: never with their words."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_POINTS = Fact("points", _("points"))
_LAST_DAY = Fact("until", _("until"))
ASKED = Act("completions.asked", _("application to be completed"), (_POINTS, _LAST_DAY))
FILE_ADDED = Act("completions.file_added", _("file added to a completion"))
FILE_REMOVED = Act("completions.file_removed", _("file removed from a completion"))
SENT = Act("completions.sent", _("application completed"), is_steering=True)
LAPSED = Act("completions.lapsed", _("term to complete passed"))
REMINDED = Act("completions.reminded", _("reminded to complete an application"))
