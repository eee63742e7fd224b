"""The mails about completing: without a word of what is asked or added (rules 26 and 42)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from applications.domain.mails import queue_about
from applications.models import Application
from applications.permissions import may_read
from applications.queries.receipts import everybody_of
from completions.models import CompletionRequest
from correspondence.domain.mails import applicants_of, officers_of
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of
from reviews.queries import assignments_on


def tell_asked(application: Application, request: CompletionRequest, *, at: datetime) -> None:
    """Tell who can complete it what they are asked and until when, and everybody else of the coalition that it was asked."""
    speakers = applicants_of(application)
    _tell("completion_asked", application, speakers, at, request=request, address=_page(application))
    _tell_others("completion_asked_others", application, speakers, at, request=request)


def tell_reminder(application: Application, request: CompletionRequest, *, at: datetime) -> None:
    """Remind who can complete it, and everybody else of the coalition."""
    speakers = applicants_of(application)
    _tell("completion_reminder", application, speakers, at, request=request, address=_page(application))
    _tell_others("completion_reminder_others", application, speakers, at, request=request)


def tell_sent(application: Application, request: CompletionRequest, *, at: datetime) -> None:
    """Confirm to who speaks for the applicants that it arrived, and tell the officers to whom it is open."""
    speakers = applicants_of(application)
    _tell("completion_sent", application, speakers, at, request=request, address=_page(application))
    _tell("completion_arrived", application, officers_of(application), at, address=_desk(application))
    _tell_reviewers(application, at)


def tell_lapsed(application: Application, request: CompletionRequest, *, at: datetime) -> None:
    """Tell both sides that the term passed without a completion."""
    speakers = applicants_of(application)
    _tell("completion_lapsed", application, speakers, at, request=request, address=_page(application))
    _tell("completion_lapsed_office", application, officers_of(application), at, address=_desk(application))
    _tell_reviewers(application, at)


def _tell_reviewers(application: Application, at: datetime) -> None:
    """Tell who reviews it and may read it that it can be judged now."""
    page = address_of("admin:review", application.reference)
    assigned = (
        assignments_on([application]).filter(ended_at=None, completed_at=None).select_related("reviewer")
    )
    readers = [each.reviewer for each in assigned if may_read.allows(each.reviewer, application)]
    _tell("completion_over_reviewer", application, readers, at, address=page)


def _page(application: Application) -> str:
    return address_of("completions:completion", application.reference)


def _desk(application: Application) -> str:
    return address_of("admin:completion", application.reference)


def _tell(kind: str, application: Application, people: Iterable[User], at: datetime, **context: Any) -> None:
    """Queue a mail to each mailbox once."""
    for reader in {each.mailbox or each.email: each for each in people}.values():
        queue_about(kind, application, reader.email, at, reader=reader, today=local_date(at), **context)


def _tell_others(
    kind: str, application: Application, told: Iterable[User], at: datetime, **context: Any
) -> None:
    done = {mailbox(each.email) for each in told}
    for address in (each for addresses in everybody_of(application).values() for each in addresses):
        if address and mailbox(address) not in done:
            done.add(mailbox(address))
            queue_about(kind, application, address, at, **context)
