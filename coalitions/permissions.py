"""Who leads a coalition, and who answers for a place in it."""

from django.utils.translation import gettext_lazy as _

from coalitions.queries import led_by, represented_by, spoken_for_by
from hubportal.accounts.permissions import Permission

NOT_A_SPEAKER = _("You do not represent this organisation.")

may_lead = Permission(led_by, _("Only the lead organisation can do this."))
# Everybody reads it there: only who is known to speak for the organisation (rule 27).
may_show = Permission(represented_by, _("We are still checking whether you represent the lead organisation."))
may_answer_for = Permission(spoken_for_by, NOT_A_SPEAKER)
