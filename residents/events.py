"""The acts on messages of residents that are recorded: by number alone, so that nothing stays when they are erased."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from residents.enums import Ending, MessageKind, Outcome

_REGION = Fact("region", _("region"))
CONFIRMED = Act(
    "residents.confirmed",
    _("message of a resident confirmed"),
    (_REGION, Fact("kind", _("kind"), dict(MessageKind.choices))),
)
SETTLED = Act(
    "residents.settled",
    _("message of a resident dealt with"),
    (_REGION, Fact("outcome", _("outcome"), dict(Outcome.choices))),
)
ERASED = Act(
    "residents.erased",
    _("message of a resident erased"),
    (_REGION, Fact("reason", _("reason"), dict(Ending.choices))),
)
CONTACT_SHOWN = Act("residents.contact_shown", _("contact of a kwartiermaker shown to visitors"), (_REGION,))
CONTACT_HIDDEN = Act("residents.contact_hidden", _("contact of a kwartiermaker shown no more"), (_REGION,))
