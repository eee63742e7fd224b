"""Who may write, submit, answer and sign, and who may read for the assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.queries import (
    in_room_of,
    owned_by,
    readable_as,
    readable_by,
    represented_by,
    writable_by,
)
from applications.queries.comments import own_comments
from applications.queries.handovers import offered_to, stoppable_by
from applications.queries.lead_offers import answerable_by, lead_offers_to, retractable_by
from applications.queries.parties import written_by_others
from applications.queries.tasks import settled_by
from hubportal.accounts.permissions import ASSESSORS, OFFICERS, Permission
from hubportal.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from hubportal.accounts.models import User
    from hubportal.accounts.permissions import Audience, Person

NOT_OPEN = _("This application is not open to you.")


@dataclass(frozen=True)
class MailboxPermission:
    """A permission by exactly the address named in an application.

    Where people must differ, two spellings of one mailbox are one (rule 28); what opens something asks for the same one.
    """

    refusal: _StrPromise

    def allows(self, person: User, email: str) -> bool:
        """Tell whether the address is the person's."""
        return person.email.casefold() == email.casefold()

    def check(self, person: User, email: str) -> None:
        """Raise ``NotAllowed`` unless the address is the person's."""
        if not self.allows(person, email):
            raise NotAllowed(self.refusal % {"email": email})


def opened_to(audience: Audience) -> Permission[Application]:
    """Return a permission for people with these roles, on applications they have reading access to (rule 14)."""
    return Permission(readable_as(audience), NOT_OPEN)


def closed_mails(person: Person) -> Q:
    """Return the condition of mails that tell of a sealed application which is not open to a person (rules 14 and 26)."""
    closed = Application.objects.filter(seal__isnull=False).exclude(pk__in=readable_by(person).values("pk"))
    return Q(about__in=closed.order_by().values("reference"))


may_manage = Permission(owned_by, _("Only the lead organisation can do this."), surely=represented_by)
# Also who was invited to write along (rule 37): texts, budget, dates and attachments, and nothing that binds.
may_write = Permission(
    writable_by, _("Only who writes this application can change it."), surely=represented_by
)

may_change_comment = Permission(own_comments, _("Only who wrote a comment can change or delete it."))


may_settle_task = Permission(
    settled_by, _("Only who writes this application, or does the task, can do this.")
)

may_accept_contact = Permission(offered_to, _("Only who was asked can answer."))
may_take_back_contact = Permission(stoppable_by, _("Only who asked can take this back."))

# Rule 44: by no account but one that is proved to speak for the organisation that is asked.
may_read_lead_offer = Permission(lead_offers_to, NOT_OPEN)
may_answer_lead_offer = Permission(answerable_by, _("Only who represents the organisation can answer."))
may_take_back_lead_offer = Permission(
    retractable_by, _("Only who represents the lead organisation can take this back.")
)

may_read_draft = Permission(in_room_of, NOT_OPEN)


def _not_represented(person: Person, application: Application) -> _StrPromise:
    if may_manage.allows(person, application):
        return _(
            "We are still checking whether you represent the lead organisation. Until then you can write, but "
            "not ask others and not submit. Everything you have written has been saved."
        )
    return _("Only the lead organisation can do this.")


# What binds the organisation, or reaches somebody else, waits until it is proved who speaks for it (rule 27).
may_submit = Permission(represented_by, _not_represented)
may_ask_others = Permission(represented_by, _not_represented)
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
