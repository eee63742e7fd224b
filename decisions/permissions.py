"""Who decides, and who releases decision letters."""

from applications.permissions import opened_to
from hubportal.accounts.permissions import CHAIRS, OFFICERS, RELEASERS, Audience

ROUND_READERS = Audience(CHAIRS.roles | OFFICERS.roles | RELEASERS.roles)
LETTER_READERS = Audience(OFFICERS.roles | RELEASERS.roles)

may_decide = opened_to(OFFICERS)
may_correct_letter = opened_to(OFFICERS)
# That it is somebody else's decision is asked of ``letters``: the recorder of a correction counts there.
may_tell_decision = opened_to(RELEASERS)
