"""The acts on organisations that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from organisations.enums import Proof

ADDED = Act("organisations.added", _("organisation put on the map"))
_PERSON = Fact("user", _("person"))
CLAIMED = Act("organisations.claimed", _("said to represent an organisation"))
CORRECTED = Act("organisations.corrected", _("own organisation named otherwise"))
CONFIRMED = Act(
    "organisations.confirmed",
    _("representative of an organisation confirmed"),
    (_PERSON, Fact("proof", _("confirmed by"), dict(Proof.choices))),
)
DISPUTED = Act("organisations.disputed", _("representative of an organisation disputed"), (_PERSON,))
ENDED = Act("organisations.ended", _("no longer represents an organisation"), (_PERSON,))
