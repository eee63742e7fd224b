"""Who asks for a dossier, who stops that, and who decides about it (rule 41)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission, Person
from takeovers.models import Takeover
from takeovers.queries import claims_of, decided_by, own_untold, stoppable_by, undoable_by

# What everybody with a role in a draft is told; of the rest an officer reads who it goes to.
_ABOUT_A_DRAFT = [f"takeover_{each}" for each in ("asked", "stopped", "granted", "yours", "undone")]

may_ask_for_dossier = Permission(claims_of, _("You can only ask this for an organisation that you named."))
may_take_back_request = Permission(own_untold, _("Only who asked can take this back."))
may_stop_takeover = Permission(stoppable_by, _("Only who represents the lead organisation can stop this."))
may_decide_takeover = Permission(decided_by, _("Only an officer without an interest can decide this."))
may_undo_takeover = Permission(
    undoable_by, _("Only who represented the lead organisation before, or an officer, can undo this.")
)


def closed_mails(person: Person) -> Q:
    """Return the condition of mails about a draft that is asked for which an officer does not read: those about what they do not decide."""
    told = Takeover.objects.filter(application__isnull=False)
    # Ties are looked for only where there is any, which is seldom.
    if not told.exists():
        return Q(kind__in=_ABOUT_A_DRAFT)
    asked = decided_by(person).filter(application__isnull=False).order_by()
    return Q(kind__in=_ABOUT_A_DRAFT) & ~Q(about__in=asked.values("application__reference"))
