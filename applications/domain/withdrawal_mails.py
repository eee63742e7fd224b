"""The mails about an application that was withdrawn, and about one that counts again."""

from collections.abc import Iterable
from datetime import datetime

from applications.domain.mails import queue_about
from applications.domain.way_back import reinstate_until
from applications.models import Application
from applications.queries.handovers import colleagues_of_lead
from applications.queries.receipts import everybody_of
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of
from hubportal.mail.models import OutgoingMail


def queue_withdrawn(application: Application, actor: User, *, at: datetime) -> OutgoingMail:
    """Confirm that a submitted application was withdrawn, and say until when that can be taken back."""
    until, page = (
        reinstate_until(application, withdrawn_at=at),
        address_of("applications:status", application.reference),
    )
    return queue_about("withdrawn", application, actor.email, at, person=actor, until=until, address=page)


def queue_withdrawn_for_everybody(application: Application, *, but: str, at: datetime) -> int:
    """Tell whoever heard that it was received that a submission was withdrawn, once per mailbox; return how many.

    ``but`` is the address that gets the confirmation.
    """
    return _queue_for_everybody("withdrawn_for_partner", application, but=but, at=at)


def queue_reinstated(application: Application, actor: User, *, at: datetime) -> None:
    """Tell who put a submission back, and everybody who heard of its withdrawal, that it counts again."""
    page = address_of("applications:status", application.reference)
    queue_about("reinstated", application, actor.email, at, address=page)
    _queue_for_everybody("reinstated_for_partner", application, but=actor.email, at=at)


def _queue_for_everybody(kind: str, application: Application, *, but: str, at: datetime) -> int:
    heard = everybody_of(application)
    # Partners in front: who is named for one too reads what concerns their organisation.
    others = [
        *heard["named"],
        *heard["along"],
        *colleagues_of_lead(application).values_list("email", flat=True),
    ]
    told = {mailbox(each): (each, False) for each in reversed(others)}
    told |= {mailbox(each): (each, True) for each in heard["partner"]}
    told.pop(mailbox(but), None)
    for address, is_partner in sorted(told.values()):
        queue_about(kind, application, address, at, is_partner=is_partner)
    return len(told)


def queue_withdrawn_for_reviewers(
    application: Application, reviewers: Iterable[User], *, at: datetime
) -> None:
    """Tell reviewers that a submission was withdrawn; it says nothing else about it (rule 14)."""
    for reviewer in reviewers:
        queue_about("withdrawn_for_reviewer", application, reviewer.email, at, reviewer=reviewer)
