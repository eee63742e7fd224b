"""Who may write, submit, answer and sign, and who may read for the assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.queries import owned_by, readable_as, written_by_others
from coalitions.mailboxes import mailbox
from hubportal.accounts.permissions import ASSESSORS, OFFICERS, Permission
from hubportal.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from applications.models import Application
    from hubportal.accounts.models import User
    from hubportal.accounts.permissions import Audience

NOT_OPEN = _("This application is not open to you.")


@dataclass(frozen=True)
class MailboxPermission:
    """A permission by the mailbox named in an application; no query can tell that two addresses are one mailbox."""

    refusal: _StrPromise

    def allows(self, person: User, email: str) -> bool:
        """Tell whether the mailbox is the person's."""
        return mailbox(person.email) == mailbox(email)

    def check(self, person: User, email: str) -> None:
        """Raise ``NotAllowed`` unless the mailbox is the person's."""
        if not self.allows(person, email):
            raise NotAllowed(self.refusal % {"email": email})


def opened_to(audience: Audience) -> Permission[Application]:
    """Return a permission for people with these roles, on applications they have reading access to (rule 14)."""
    return Permission(readable_as(audience), NOT_OPEN)


may_write = Permission(owned_by, _("Only the lead organisation can change this application."))
may_submit = Permission(owned_by, _("Only the lead organisation can submit this application."))
may_sign = MailboxPermission(_("Only %(email)s can sign here."))
# Rule 8: nobody answers for both the asking and the asked organisation.
may_answer_as_partner = Permission(
    written_by_others,
    _(
        "You are logged in on behalf of the organisation that asks. The partner itself must answer: log "
        "out first."
    ),
)

may_read = opened_to(ASSESSORS)
may_extend_signing = opened_to(OFFICERS)
