"""The acts on calls that are recorded."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

FORM_MADE = Act("calls.form_made", _("empty form made"), (Fact("sha256", _("SHA-256"), is_digest=True),))
SETTLED = Act("calls.round_settled", _("every letter of a round sent"))
SET_UP = Act("calls.call_set_up", _("call set up"))
