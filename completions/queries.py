"""Reads of requests to complete: of who asks, who completes, and who assesses (rules 14, 26 and 42)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from applications.enums import UNDECIDED_STATUSES, Status
from applications.models import Application
from completions.models import CompletionFile, CompletionPoint, CompletionRequest
from correspondence.queries import answered_by, discussed_by
from hubportal.accounts.permissions import OFFICERS, Person
from hubportal.kernel.clock import local_date

# Before its last day, an application that is not completed is reminded of.
REMIND_DAYS_BEFORE = (7, 2)


def completed_by(person: Person) -> QuerySet[Application]:
    """Return what the office asked to complete of organisations that the person speaks for (rule 27)."""
    asked = CompletionRequest.objects.filter(application=OuterRef("pk"), asked_at__isnull=False)
    return discussed_by(person).filter(Exists(asked))


def is_awaited_of(person: Person) -> Exists:
    """Return, for rows of applications, whether the office waits for a completion that the person can send."""
    awaited = completed_by(person).filter(
        awaits_completion_until__isnull=False, status__in=UNDECIDED_STATUSES
    )
    return Exists(awaited.filter(pk=OuterRef("pk")))


def asked_by_office(person: Person) -> QuerySet[Application]:
    """Return the applications of which this officer asks for completion: open to them, and free of their interests (rule 14)."""
    return answered_by(person)


def requests_of(person: Person) -> QuerySet[CompletionRequest]:
    """Return the requests about applications that are open to this officer: drafts and what waits in front."""
    if not OFFICERS.includes(person):
        return CompletionRequest.objects.none()
    opened = asked_by_office(person).order_by().values("pk")
    found = CompletionRequest.objects.filter(application__in=opened)
    return found.order_by(
        F("sent_at").asc(nulls_first=True),
        F("lapsed_at").asc(nulls_first=True),
        F("last_day").asc(nulls_first=True),
        "pk",
    )


def requests_shown() -> QuerySet[Any]:
    """Return requests with what a list shows of them."""
    rows = CompletionRequest.objects.select_related("application__coalition")
    return rows.annotate(number_of_points=Count("points"))


def in_numbers(person: Person) -> dict[str, int]:
    """Return how many requests an officer has to go on with, and how many answers came in of which nobody judged yet, in one query."""
    mine = requests_of(person).order_by().values("pk")
    found: dict[str, int] = CompletionRequest.objects.filter(
        pk__in=mine, application__status__in=UNDECIDED_STATUSES
    ).aggregate(
        drafts=Count("pk", filter=Q(asked_at=None)),
        waiting=Count("pk", filter=Q(asked_at__isnull=False, sent_at=None, lapsed_at=None)),
        lapsed=Count("pk", filter=Q(lapsed_at__isnull=False)),
    )
    return found


def request_about(application: Application) -> CompletionRequest | None:
    """Return the request about an application with its points and their files, if there is one."""
    files = CompletionFile.objects.order_by("pk")
    points = CompletionPoint.objects.order_by("number").prefetch_related(Prefetch("files", queryset=files))
    found = CompletionRequest.objects.select_related("asked_by", "sent_by", "saved_by", "answers_saved_by")
    return found.filter(application=application).prefetch_related(Prefetch("points", queryset=points)).first()


def asked_about(application: Application) -> CompletionRequest | None:
    """Return the request about an application once it was asked: of a draft nobody outside the office knows."""
    found = request_about(application)
    return found if found is not None and found.asked_at is not None else None


def files_by(person: Person) -> QuerySet[CompletionFile]:
    """Return the files that somebody added to any completion."""
    return CompletionFile.objects.filter(added_by=person.pk)


def to_end(*, at: datetime) -> QuerySet[Application]:
    """Return what waited for its completion until a day that is over, the longest ago in front.

    Not before what arrived in time can be under way no more, as with sealing (rule 2).
    """
    over = local_date(at - timedelta(seconds=settings.SEALING_GRACE_SECONDS))
    waiting = Application.objects.filter(awaits_completion_until__lt=over)
    return waiting.order_by("awaits_completion_until", "pk")


def to_remind_of(*, at: datetime) -> QuerySet[CompletionRequest]:
    """Return the requests of which the applicants are to be reminded now, what was asked first in front."""
    today = local_date(at)
    waiting = CompletionRequest.objects.filter(
        asked_at__isnull=False,
        sent_at=None,
        lapsed_at=None,
        last_day__gte=today,
        application__status__in=[Status.SUBMITTED, Status.SEALED],
    )
    near = Q(pk__in=[])
    for days in REMIND_DAYS_BEFORE:
        near |= Q(last_day__lte=today + timedelta(days=days), reminded_days_before__gt=days)
    return waiting.filter(near).order_by("asked_at", "pk")


def reminder_due(request: CompletionRequest, *, today: date) -> int | None:
    """Return how many days before the last one the reminder is that is due now; ``None`` where none is."""
    if request.last_day is None or request.reminded_days_before is None:
        return None
    left = (request.last_day - today).days
    due = [days for days in REMIND_DAYS_BEFORE if left <= days < request.reminded_days_before]
    return min(due) if due and left >= 0 else None


def misjudged_waiting() -> QuerySet[Application]:
    """Return the applications that wait for a completion which nobody asked, which came or which lapsed, or until another day."""
    waiting = CompletionRequest.objects.filter(
        application=OuterRef("pk"), asked_at__isnull=False, sent_at=None, lapsed_at=None
    )
    same_day = waiting.filter(last_day=OuterRef("awaits_completion_until"))
    return Application.objects.filter(
        Q(awaits_completion_until=None) & Exists(waiting)
        | Q(awaits_completion_until__isnull=False) & ~Exists(same_day)
    )
