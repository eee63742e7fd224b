"""The acts of deciding that are recorded; who reads the event log does not read what was decided."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_judging = partial(Act, is_judging=True)

RECORDED = _judging("decisions.recorded", _("decision recorded"), (Fact("outcome"),))
