"""The acts on people that are recorded: by number alone, so that nothing of somebody stays when they are erased."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from people.enums import ConsentWay, ErasureReason

ADDED = Act("people.added", _("person written down, to be asked"))
ASKED = Act("people.asked", _("person asked for consent"))
CHANGED = Act("people.changed", _("what is kept of a person changed"))
CONSENTED = Act(
    "people.consented",
    _("person agreed to be kept"),
    (Fact("way", _("how"), dict(ConsentWay.choices)),),
)
TALKED = Act("people.talked", _("talk with a person written down"))
TALK_REMOVED = Act("people.talk_removed", _("talk with a person removed"))
ENGAGED = Act("people.engaged", _("part of a person in a question written down"))
REMINDED = Act("people.reminded", _("person told that the consent ends"))
ERASED = Act(
    "people.erased",
    _("person erased"),
    (Fact("reason", _("reason"), dict(ErasureReason.choices)),),
)
