"""Who writes for the applicants, and who for the office; nobody else reads a message (rules 14, 22 and 38)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.permissions import NOT_OPEN
from correspondence.queries import answered_by, discussed_by, messages_by
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Permission, Person
from hubportal.accounts.second_factor import needs_second_factor

MAIL_KINDS = frozenset({"message_to_applicants", "message_to_office", "answer_file_left_out"})

may_discuss = Permission(discussed_by, _("Only the lead organisation can do this."))
may_answer = Permission(answered_by, NOT_OPEN)
may_take_back = Permission(messages_by, _("Only who wrote a message can take it back."))


def closed_mails(person: Person) -> Q:
    """Return the condition of notices about applications whose messages a person does not read: that there are any is told to nobody else."""
    return Q(kind__in=MAIL_KINDS) & ~Q(about__in=answered_by(person).order_by().values("reference"))


def answers_by_mail(person: User) -> bool:
    """Tell whether somebody can answer by mail: a mail proves a mailbox, and no second factor, which pages ask of who has one."""
    return not (needs_second_factor(person) or person.has_second_factor)
