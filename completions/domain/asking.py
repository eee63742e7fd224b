"""Asking once to complete an application, before anybody judged it (Awb 4:5; rules 30 and 42)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_for
from applications.enums import Status
from applications.models import Application
from completions.domain.mails import tell_asked
from completions.domain.parts import parts_of
from completions.events import ASKED
from completions.models import CompletionPoint, CompletionRequest
from completions.permissions import may_ask_to_complete
from completions.queries import request_about
from correspondence.domain.mails import applicants_of
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion, check_version, is_to_be_saved
from reviews.queries import is_judged

MOST_POINTS = 6
LONGEST_QUESTION, LONGEST_EXPLANATION = 1500, 3000
# The office gives at least a week, and at most six.
FEWEST_DAYS, MOST_DAYS = 7, 42


@dataclass(frozen=True)
class RequestAsTyped:
    """What the office writes: an explanation, a last day, and each point as what it is about with what is asked."""

    explanation: str
    last_day: date | None
    points: tuple[tuple[str, str], ...]


def as_typed(request: CompletionRequest) -> RequestAsTyped:
    """Return a request in the shape in which it is typed."""
    points = tuple((each.about, each.question) for each in request.points.all())
    return RequestAsTyped(request.explanation, request.last_day, points)


@transaction.atomic(durable=True)
def save_request(
    *, reference: str, typed: RequestAsTyped, seen_version: int, actor: User, at: datetime
) -> CompletionRequest:
    """Save a draft of what is to be asked; nobody outside the office knows of it. Idempotent (rule 12).

    Raises ``NotAllowed``, ``NewerVersion``, and ``RuleViolation`` where nothing can be asked (any more).
    """
    application = locked_for(may_ask_to_complete, actor, reference=reference)
    existing = request_about(application)
    if existing is not None and existing.asked_at is not None:
        raise NewerVersion(_("A colleague asked for this meanwhile. What you typed has not been sent."))
    check_can_be_asked(application)
    request = existing or CompletionRequest(application=application)
    kept = as_typed(existing) if existing else None
    if not is_to_be_saved(typed=typed, kept=kept, seen=seen_version, current=request.version):
        return request
    request.explanation, request.last_day = typed.explanation, typed.last_day
    request.version += 1
    request.saved_at, request.saved_by = at, actor
    request.save()
    request.points.all().delete()
    CompletionPoint.objects.bulk_create(
        CompletionPoint(request=request, number=number, about=about, question=question)
        for number, (about, question) in enumerate(typed.points, start=1)
    )
    return request


@transaction.atomic(durable=True)
def ask_to_complete(*, reference: str, seen_version: int, actor: User, at: datetime) -> CompletionRequest:
    """Ask the applicants for what was drafted, and let the term to decide stand still from tomorrow (Awb 4:15). Idempotent.

    Nobody judges the application until it is completed or the last day is over. Raises ``NotAllowed``, ``NewerVersion``, and
    ``RuleViolation`` as ``check_can_be_asked``, ``check_somebody_answers`` and ``check_request`` do, or without a draft.
    """
    application = locked_for(may_ask_to_complete, actor, reference=reference)
    request = request_about(application)
    if request is None:
        raise RuleViolation(_("Write first what is asked."))
    if request.asked_at is not None:
        if request.asked_by_id != actor.pk:
            raise NewerVersion(_("A colleague asked for this a moment before you. Read what was asked."))
        return request
    check_can_be_asked(application)
    check_version(request.version, seen_version)
    check_somebody_answers(application)
    check_request(application, as_typed(request), at=at)
    assert request.last_day is not None  # checked
    days = (request.last_day - local_date(at)).days
    request.asked_at, request.asked_by, request.reminded_days_before = at, actor, days
    request.save(update_fields=["asked_at", "asked_by", "reminded_days_before"])
    application.awaits_completion_until = request.last_day
    # A term that is over does not stand still.
    still = stands_still(application, since=local_date(at), until=request.last_day)
    application.suspended_days = 0 if is_too_late(application, at=at) else still
    application.save(update_fields=["awaits_completion_until", "suspended_days"])
    facts = {"points": request.points.count(), "until": request.last_day.isoformat()}
    record(ASKED, subject=request, actor=actor, at=at, facts=facts)
    tell_asked(application, request, at=at)
    return request


def stands_still(application: Application, *, since: date, until: date) -> int:
    """Return how many days the term to decide stands still between two days: none before the round closed, for nobody decides then."""
    assert application.review_round is not None  # it was submitted
    closed_on = local_date(application.review_round.deadline_at)
    return max(0, (until - max(since, closed_on)).days)


def check_can_be_asked(application: Application) -> None:
    """Raise ``RuleViolation`` unless the application was received and nobody judged it yet.

    Who scored it has judged what was there: what is added later would be read by some and not by others.
    """
    if application.status not in {Status.SUBMITTED, Status.SEALED}:
        raise RuleViolation(_("This application can no longer be completed."))
    if is_judged(application):
        raise RuleViolation(
            _("Somebody completed a review of this application already, so it can no longer be completed.")
        )


def is_too_late(application: Application, *, at: datetime) -> bool:
    """Tell whether the term to decide is over, so that it does not stand still for what is asked now (Awb 4:15)."""
    expected_on = application.decision_expected_on
    return expected_on is not None and local_date(at) > expected_on


def check_somebody_answers(application: Application) -> None:
    """Raise ``RuleViolation`` where nobody is proved to speak for the lead: the one question would be put to nobody."""
    if not applicants_of(application):
        raise RuleViolation(
            _(
                "Nobody speaks for the lead organisation in the portal now, so nobody can answer. First settle who does, under "
                "“Representatives”."
            )
        )


def first_day(*, at: datetime) -> date:
    """Return the earliest last day that the office can give."""
    return local_date(at) + timedelta(days=FEWEST_DAYS)


def check_request(application: Application, typed: RequestAsTyped, *, at: datetime) -> None:
    """Raise ``RuleViolation``, at its field, for a request that cannot be asked as it was typed."""
    if not typed.points:
        raise RuleViolation(_("Write at least one point."), field="question_1")
    known = parts_of(application.call)
    for number, (about, _question) in enumerate(typed.points, start=1):
        if about not in known:
            raise RuleViolation(_("Choose a part of this application."), field=f"about_{number}")
    earliest = first_day(at=at)
    latest = local_date(at) + timedelta(days=MOST_DAYS)
    if typed.last_day is None or not earliest <= typed.last_day <= latest:
        raise RuleViolation(
            _("Choose a last day from %(earliest)s to %(latest)s.")
            % {"earliest": day_in_words(earliest), "latest": day_in_words(latest)},
            field="last_day",
        )
