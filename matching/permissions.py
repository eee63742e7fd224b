"""Who asks a kwartiermaker for help, and who proposes partners."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from matching.help_queries import help_open_to, proposals_by

# Rule 26: none but what coalitions of their region ask.
may_propose = Permission(help_open_to, _("This coalition does not ask you for help."))
may_take_back = Permission(proposals_by, _("This coalition does not ask you for help."))
