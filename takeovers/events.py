"""The acts on requests for a dossier that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from takeovers.enums import TakeoverState

ASKED = Act("takeovers.asked", _("dossier asked of the office"))
WARNED = Act("takeovers.warned", _("everybody with a role warned of a request for a dossier"))
SETTLED = Act(
    "takeovers.settled",
    _("request for a dossier settled"),
    (Fact("state", _("state"), dict(TakeoverState.choices)),),
)
UNDONE = Act("takeovers.undone", _("handing out of a dossier undone"))
