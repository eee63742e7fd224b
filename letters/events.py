"""The recorded acts on letters; the event log does not disclose their content."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_judging = partial(Act, is_judging=True)

TEXT_PUT_IN_FORCE = _judging("letters.text_put_in_force", _("letter text put in force"))
RELEASED = _judging("letters.released", _("letter released"))
MADE = _judging("letters.made", _("letter made"), (Fact("document"),))
DATED_ANEW = _judging("letters.dated_anew", _("letter made anew with a new date"), (Fact("document"),))
POST_ASKED = _judging("letters.post_asked", _("letters of the day asked for"))
PRINTED = _judging("letters.printed", _("letter made for the post"), (Fact("print"),))
POSTED = _judging("letters.posted", _("letter posted"), (Fact("document"),))
SENT = _judging("letters.sent", _("letter sent"))
BOUNCED = _judging("letters.bounced", _("letter came back"))
SEND_ANEW_ASKED = _judging(
    "letters.send_anew_asked", _("letter to be sent once more"), (Fact("other_address"),)
)
BY_POST_ASKED = _judging("letters.by_post_asked", _("letter that came back to go by post"))
SENT_ANEW = _judging("letters.sent_anew", _("letter put in the mail once more"), (Fact("document"),))
COPY_SENT_ANEW = _judging("letters.copy_sent_anew", _("copy of the letter sent once more"))
COPY_PUT_ASIDE = _judging("letters.copy_put_aside", _("copy of the letter put aside as undeliverable"))
OPENED = _judging("letters.opened", _("letter opened by the addressee for the first time"))
CORRECTION_RECORDED = _judging("letters.correction_recorded", _("correction of the letter recorded"))
CORRECTION_WITHDRAWN = _judging("letters.correction_withdrawn", _("correction of the letter taken back"))
