"""Who may read and deal with what residents wrote: the kwartiermakers of their region, and nobody else."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from residents.queries import MAIL_KINDS, messages_of

# Rule 22.
may_settle = Permission(messages_of, _("Only a kwartiermaker of its region can deal with this."))


def private_mails() -> Q:
    """Return the condition of mails that nobody of the office may know of, administrators included: who wrote where."""
    return Q(kind__in=MAIL_KINDS)
