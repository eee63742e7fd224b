"""The acts on messages that are recorded: by number alone, never with their words."""

from django.utils.translation import gettext_lazy as _

from correspondence.enums import BY_MAIL, Side
from hubportal.audit.events import Act, Fact

_SIDE = Fact("side", _("side"), dict(Side.choices))
# Which proves a mailbox, where a page proves a log-in.
_WAY = Fact("way", _("way"), {BY_MAIL: _("by e-mail")})
WRITTEN = Act("correspondence.written", _("message written"), (_SIDE, _WAY))
TAKEN_BACK = Act("correspondence.taken_back", _("message taken back"), (_SIDE,))
DELIVERED = Act("correspondence.delivered", _("message delivered"), (_SIDE,))
OPENED = Act("correspondence.opened", _("answer of the office opened"))
CLOSED = Act("correspondence.closed", _("conversation closed without an answer"))
