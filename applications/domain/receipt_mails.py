"""Telling everybody of a coalition that their application was received, with nothing of what is in it (rules 13 and 35)."""

from collections.abc import Collection
from datetime import datetime

from applications.domain.mails import queue_about
from applications.domain.signing import signing_states
from applications.enums import Status
from applications.models import Application
from applications.queries.receipts import everybody_of
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of


def queue_received(application: Application, *, told: Collection[str], at: datetime) -> int:
    """Tell each mailbox once, but those that were ``told`` otherwise; return how many. Nobody, where it was withdrawn meanwhile."""
    if application.status == Status.WITHDRAWN:
        return 0
    done = {mailbox(each) for each in told}
    page = address_of("applications:receipt", application.reference)
    signing = {mailbox(each.email) for each in signing_states(application) if each.signature is None}
    for role, addresses in everybody_of(application).items():
        for address in addresses:
            if not address or mailbox(address) in done:
                continue
            done.add(mailbox(address))
            queue_about(
                "received",
                application,
                address,
                at,
                role=role,
                email=address,
                address=page,
                has_to_sign=mailbox(address) in signing,
            )
    return len(done) - len({mailbox(each) for each in told})
