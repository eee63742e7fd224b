"""Who asks for a dossier, who stops that, and who decides about it (rule 41)."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from takeovers.queries import claims_of, decided_by, own_untold, stoppable_by, undoable_by

may_ask_for_dossier = Permission(claims_of, _("You can only ask this for an organisation that you named."))
may_take_back_request = Permission(own_untold, _("Only who asked can take this back."))
may_stop_takeover = Permission(stoppable_by, _("Only who represents the lead organisation can stop this."))
may_decide_takeover = Permission(decided_by, _("Only an officer without an interest can decide this."))
may_undo_takeover = Permission(
    undoable_by, _("Only who represented the lead organisation before, or an officer, can undo this.")
)
