"""Reads of who is to be reminded of the deadlines of rounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import DateTimeField, F, Q, QuerySet, Value

from applications.enums import LinkPurpose, ReminderKind, Status
from applications.models import Application, DeadlineReminder, MutedReminder, OneTimeLink
from applications.queries import owned_by
from calls.domain.rounds import round_for
from calls.models import ReviewRound
from calls.queries import rounds_with_call
from coalitions.models import Coalition
from coalitions.queries import asked_since_named, contact_stands
from hubportal.accounts.models import User
from hubportal.accounts.queries import with_confirmed_address
from hubportal.kernel.periods import days_later
from organisations.queries import proved_representatives


@dataclass(frozen=True)
class DueReminder:
    """A kind of reminder that is due of a round; ``following`` is the round after one that passed.

    What was begun or asked at or after ``since`` is too young for it.
    """

    review_round: ReviewRound
    kind: ReminderKind
    since: datetime
    following: ReviewRound | None = None


def due_reminders(*, at: datetime) -> list[DueReminder]:
    """Return the reminders that are due: at most one before, and one after a deadline, of each call."""
    rounds = rounds_with_call().order_by("call", "deadline_at", "pk")
    found: list[DueReminder] = []
    for _call, each in groupby(rounds, key=lambda one: one.call_id):
        of_call = list(each)
        ahead = round_for(at, of_call)
        passed = [one for one in of_call if one.deadline_at <= at]
        if passed:
            found += _after(passed[-1], ahead, at=at)
        if ahead is not None:
            found += _before(ahead, at=at)
    return found


def _before(review_round: ReviewRound, *, at: datetime) -> list[DueReminder]:
    call, deadline_at = review_round.call, review_round.deadline_at
    last_from = deadline_at - timedelta(hours=call.deadline_reminder_hours)
    first_from = days_later(deadline_at, -call.deadline_reminder_days)
    if at >= last_from:
        return [DueReminder(review_round, ReminderKind.LAST, last_from)]
    return [DueReminder(review_round, ReminderKind.FIRST, first_from)] if at >= first_from else []


def _after(passed: ReviewRound, following: ReviewRound | None, *, at: datetime) -> list[DueReminder]:
    # What came in before it may still be on its way; and as long as it is news, so that nobody is told of old rounds.
    told_from = passed.deadline_at + timedelta(seconds=settings.SEALING_GRACE_SECONDS)
    is_news = told_from <= at < days_later(passed.deadline_at, passed.call.deadline_reminder_days)
    return [DueReminder(passed, ReminderKind.PASSED, passed.deadline_at, following)] if is_news else []


def drafts_to_remind_of(due: DueReminder) -> QuerySet[Application]:
    """Return the drafts that somebody could still submit, or could have, begun before the reminder was due."""
    return Application.objects.filter(
        status=Status.DRAFT, call=due.review_round.call_id, created_at__lt=due.since
    ).order_by("pk")


def own_drafts(person: User, due: DueReminder) -> QuerySet[Application]:
    """Return those of the drafts that a person may write."""
    return drafts_to_remind_of(due).filter(pk__in=owned_by(person).order_by().values("pk"))


def writers_to_remind(due: DueReminder) -> QuerySet[User]:
    """Return who may have a draft to be reminded of and was not yet: at an address that they confirmed."""
    coalitions = Coalition.objects.filter(pk__in=drafts_to_remind_of(due).order_by().values("coalition"))
    speakers = proved_representatives().filter(organisation__in=coalitions.values("lead_organisation"))
    done = DeadlineReminder.objects.filter(review_round=due.review_round, kind=due.kind, user__isnull=False)
    return (
        with_confirmed_address()
        .filter(Q(pk__in=coalitions.values("created_by")) | Q(pk__in=speakers.order_by().values("user")))
        .exclude(pk__in=done.values("user"))
    )


def to_remind_of_deadlines(*, at: datetime) -> QuerySet[User]:
    """Return the people who are to be reminded of a deadline now, with ``due_at``: since when."""
    due = due_reminders(at=at)
    some = Q(pk__in=[])
    for each in due:
        some |= Q(pk__in=writers_to_remind(each).order_by().values("pk"))
    return User.objects.filter(some).annotate(due_at=_oldest(due, at=at)).order_by("pk")


def _oldest(due: list[DueReminder], *, at: datetime) -> Value:
    return Value(min((each.since for each in due), default=at), output_field=DateTimeField())


def requests_to_remind_of(due: DueReminder) -> QuerySet[OneTimeLink]:
    """Return the requests of a draft for consent that were not answered and of which nobody was reminded yet."""
    done = DeadlineReminder.objects.filter(review_round=due.review_round, kind=due.kind, link__isnull=False)
    return OneTimeLink.objects.filter(
        contact_stands("participation__"),
        asked_since_named("participation__"),
        purpose=LinkPurpose.CONSENT,
        used_at=None,
        withdrawn_at=None,
        asked_at__lt=due.since,
        participation__contact_email=F("email"),
        application__status=Status.DRAFT,
        application__call=due.review_round.call_id,
    ).exclude(pk__in=done.values("link"))


def partners_to_remind(*, at: datetime) -> QuerySet[OneTimeLink]:
    """Return the requests for consent of which a partner is to be reminded now, with ``due_at``: those whose link still works."""
    due = [each for each in due_reminders(at=at) if each.kind != ReminderKind.PASSED]
    some = Q(pk__in=[])
    for each in due:
        some |= Q(pk__in=requests_to_remind_of(each).order_by().values("pk"))
    found = OneTimeLink.objects.filter(some, expires_at__gt=at)
    return found.annotate(due_at=_oldest(due, at=at)).order_by("pk")


def muted_by(person: User) -> set[str]:
    """Return the kinds of reminders that a person does not want."""
    return set(MutedReminder.objects.filter(user=person).values_list("kind", flat=True))


def is_muted_at(kind: ReminderKind, mailbox: str) -> bool:
    """Tell whether somebody who confirmed an address of this mailbox does not want a kind of reminder (rule 28)."""
    owners = with_confirmed_address().filter(mailbox=mailbox)
    return MutedReminder.objects.filter(kind=kind, user__in=owners.values("pk")).exists()
