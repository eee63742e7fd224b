"""Who may keep people: the kwartiermakers of their region, and nobody else."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.permissions import Permission
from people.queries import MAIL_KINDS, people_of

# Rule 23.
may_keep = Permission(people_of, _("Only a kwartiermaker of their region can keep people."))


def private_mails() -> Q:
    """Return the condition of mails that nobody of the office may know of, administrators included: who is kept where."""
    return Q(kind__in=MAIL_KINDS)
