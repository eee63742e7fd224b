"""Reads of who has a role in a draft, by their addresses."""

from applications.models import Application
from applications.queries.handovers import colleagues_of_lead, mailboxes_that_ended
from applications.queries.named import named_in
from applications.queries.parties import asked_contacts
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox


def with_a_role(application: Application, holder: User) -> dict[str, str]:
    """Return addresses and names of all roles, each mailbox once: its contact person, the lead's people, and partners that were asked.

    Not who had it and was ended since; nor a partner that was not asked, which does not know of the draft (rules 26 and 27).
    """
    # Whoever began it stands in it as main applicant, also after they were ended.
    gone = mailboxes_that_ended(application)
    found = [
        (holder.email, holder.full_name),
        *colleagues_of_lead(application).values_list("email", "full_name"),
        *named_in(application.people),
        *asked_contacts(application).order_by("pk").values_list("contact_email", "contact_name"),
    ]
    each_once: dict[str, tuple[str, str]] = {}
    for email, name in found:
        if email and mailbox(email) not in gone:
            each_once.setdefault(mailbox(email), (email, name))
    return dict(each_once.values())
