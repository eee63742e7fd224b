"""The recorded acts of deciding; the event log does not disclose decisions."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_judging = partial(Act, is_judging=True)

RECORDED = _judging("decisions.recorded", _("decision recorded"), (Fact("outcome"),))
WITHDRAWN = _judging("decisions.withdrawn", _("decision taken back"))
SENT_BACK = _judging("decisions.sent_back", _("decision sent back"))
ACCOUNT_GIVEN = _judging("decisions.bank_account_given", _("bank account given"))
ACCOUNT_ACCEPTED = _judging("decisions.bank_account_accepted", _("bank account accepted"))
ACCOUNT_SENT_BACK = _judging("decisions.bank_account_sent_back", _("bank account sent back"))
