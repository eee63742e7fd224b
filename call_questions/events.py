"""The acts on questions about a call that are recorded: by number alone, never with their words."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act

ASKED = Act("call_questions.asked", _("question about a call asked"))
PUBLISHED = Act("call_questions.published", _("answer about a call made public"))
CHANGED = Act("call_questions.changed", _("public answer about a call changed"))
TAKEN_BACK = Act("call_questions.taken_back", _("public answer about a call taken back"))
ANSWERED_ALONE = Act("call_questions.answered_alone", _("question about a call answered to who asked alone"))
