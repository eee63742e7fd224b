"""Who proposes partners to a coalition that asked, and who is found on a question."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from matching.found_queries import findable_by, spoken_for_by
from matching.help_queries import help_open_to, proposals_by

# Rule 26: none but what coalitions of their region ask.
may_propose = Permission(help_open_to, _("This coalition does not ask you for help."))
may_take_back = Permission(proposals_by, _("This coalition does not ask you for help."))
# Rules 23 and 27: proved, and published.
may_be_found = Permission(findable_by, _("Only who represents a public organisation can do this."))
may_withdraw_wish = Permission(spoken_for_by, _("You do not represent this organisation."))
