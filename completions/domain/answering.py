"""Completing an application: written by whoever speaks for the lead, and sent once (rules 30, 32 and 42)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_for
from applications.enums import UNDECIDED_STATUSES
from applications.models import Application
from completions.domain.asking import stands_still
from completions.domain.mails import tell_sent
from completions.enums import CompletionState
from completions.events import SENT
from completions.models import CompletionPoint, CompletionRequest
from completions.permissions import may_complete
from completions.queries import asked_about
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import NewerVersion, check_shown, is_to_be_saved
from organisations.domain.undisputed import check_undisputed

LONGEST_ANSWER = 6000


class Unanswered(RuleViolation):
    """Points have neither an answer nor a file; ``numbers`` says which."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(
            _("Answer each point, or add a file to it. Missing: %(numbers)s.")
            % {"numbers": ", ".join(str(each) for each in numbers)}
        )
        self.numbers = numbers


def answers_of(request: CompletionRequest) -> dict[int, str]:
    """Return what is written by now, by number of the point."""
    return {each.number: each.answer for each in request.points.all()}


@transaction.atomic(durable=True)
def save_answers(
    *, reference: str, answers: Mapping[int, str], seen_version: int, actor: User, at: datetime
) -> CompletionRequest:
    """Save what is written; nobody outside the lead organisation reads it yet. Idempotent (rule 12).

    Raises ``NotAllowed``, ``NewerVersion``, and ``RuleViolation`` once it was sent or the last day is over.
    """
    _application, request = locked_request(reference, actor, at=at)
    kept = answers_of(request)
    typed = {**kept, **{number: text for number, text in answers.items() if number in kept}}
    if not is_to_be_saved(typed=typed, kept=kept, seen=seen_version, current=request.answers_version):
        return request
    request.answers_version += 1
    request.answers_saved_at, request.answers_saved_by = at, actor
    request.save(update_fields=["answers_version", "answers_saved_at", "answers_saved_by"])
    points = list(request.points.all())
    for each in points:
        each.answer = typed[each.number]
    CompletionPoint.objects.bulk_update(points, ["answer"])
    return request


@transaction.atomic(durable=True)
def send_completion(*, reference: str, seen: str, actor: User, at: datetime) -> CompletionRequest:
    """Send what was written and added to the office and to who judges; it stays as it is from then on. Idempotent.

    ``seen`` is ``digest_of`` what was shown. Raises ``NotAllowed``, ``Unanswered``, ``NewerVersion``, and ``RuleViolation`` once
    the last day is over or the application was withdrawn, and for who is disputed.
    """
    application = locked_for(may_complete, actor, reference=reference)
    # It is sent once.
    check_undisputed(actor, application.coalition.lead_organisation_id)
    request = asked_about(application)
    assert request is not None  # the permission
    if request.state == CompletionState.SENT:
        if request.sent_by_id != actor.pk:
            raise NewerVersion(_("A colleague sent this a moment before you. Read what was sent."))
        return request
    check_is_open(application, request, at=at)
    check_shown(digest_of(request), seen)
    missing = unanswered(request)
    if missing:
        raise Unanswered(missing)
    assert request.asked_at is not None  # the permission
    # Another machine's clock may be a moment behind that of the machine on which it was asked.
    at = max(at, request.asked_at)
    request.sent_at, request.sent_by = at, actor
    request.save(update_fields=["sent_at", "sent_by"])
    application.awaits_completion_until, application.completion_ended_at = None, at
    # The term runs on from the day after this one (Awb 4:15).
    elapsed = stands_still(application, since=local_date(request.asked_at), until=local_date(at))
    application.suspended_days = min(application.suspended_days, elapsed)
    application.save(update_fields=["awaits_completion_until", "completion_ended_at", "suspended_days"])
    record(SENT, subject=request, actor=actor, at=at)
    tell_sent(application, request, at=at)
    return request


def digest_of(request: CompletionRequest) -> str:
    """Return a digest of what is written and added by now, with the names of files: what a page shows before it is sent."""
    points = [
        [each.number, each.answer, sorted([file.sha256, file.title] for file in each.files.all())]
        for each in request.points.all()
    ]
    return digest(canonical_bytes({"points": points}))


def unanswered(request: CompletionRequest) -> list[int]:
    """Return the numbers of the points that have neither an answer nor a file."""
    return [
        each.number for each in request.points.all() if not is_filled(each.answer) and not each.files.all()
    ]


def locked_request(reference: str, actor: User, *, at: datetime) -> tuple[Application, CompletionRequest]:
    """Lock an application and return it with its request, for an act of who completes it.

    Raises ``NotAllowed``, and ``RuleViolation`` as ``check_is_open`` does.
    """
    application = locked_for(may_complete, actor, reference=reference)
    request = asked_about(application)
    assert request is not None  # the permission
    check_is_open(application, request, at=at)
    return application, request


def check_is_open(application: Application, request: CompletionRequest, *, at: datetime) -> None:
    """Raise ``RuleViolation`` where nothing can be added any more."""
    if request.state == CompletionState.SENT:
        raise RuleViolation(_("This has been sent to the programme office, so it can no longer be changed."))
    if application.status not in UNDECIDED_STATUSES:
        raise RuleViolation(_("This application can no longer be completed."))
    if not is_open(application, request, at=at):
        raise RuleViolation(
            _("The last day to complete this application is over. Contact the programme office.")
        )


def is_open(application: Application, request: CompletionRequest, *, at: datetime) -> bool:
    """Tell whether it can be completed now: until the very end of the last day in the Netherlands."""
    return (
        request.state == CompletionState.OPEN
        and application.status in UNDECIDED_STATUSES
        and request.last_day is not None
        and local_date(at) <= request.last_day
    )
