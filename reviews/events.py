"""The recorded acts of assessment; the event log does not disclose judgements."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact

_judging = partial(Act, is_judging=True)

ASSIGNED = _judging("reviews.assigned", _("reviewer assigned"))
ASSIGNMENT_ENDED = _judging("reviews.assignment_ended", _("assignment ended"))
ASSIGNMENT_GIVEN = _judging("reviews.assignment_given", _("reviewer assigned by hand"))
COMPLETED = _judging("reviews.completed", _("review completed"))
REVIEW_WITHDRAWN = _judging("reviews.review_withdrawn", _("review taken back"))
WITHDRAWAL_ASKED = _judging("reviews.withdrawal_asked", _("asked to take a review back"))
WITHDRAWAL_ANSWERED = _judging("reviews.withdrawal_answered", _("request to take a review back answered"))
ADVICE_WITHDRAWN = _judging("reviews.advice_withdrawn", _("advice taken back"))
AFFILIATION_NOTED = _judging("reviews.affiliation_noted", _("position elsewhere recorded"))
AFFILIATION_ENDED = _judging("reviews.affiliation_ended", _("position elsewhere ended"))
INTEREST_DECLARED = _judging("reviews.interest_declared", _("interests declared"), (Fact("has_interest"),))
MEASURE_RECORDED = _judging("reviews.measure_recorded", _("measure recorded"))
INTEREST_PUT_ASIDE = _judging("reviews.interest_put_aside", _("interest put aside"))
