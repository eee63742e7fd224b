"""Reads of decisions and of their letters."""

from django.db.models import Count, F, Q, QuerySet

from applications.enums import RECEIVED_STATUSES, Status
from applications.models import Application
from applications.queries import readable_by, visible_to_applicants
from calls.models import ReviewRound
from decisions.models import Decision
from hubportal.accounts.enums import Role
from hubportal.accounts.permissions import Person
from letters.models import Letter
from reviews.queries import undeclared_by


def awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return the advised applications on which this officer can decide."""
    return _undecided(readable_by(user), user)


def undeclared_awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return what ``awaiting_decision`` keeps back until this officer has declared interests."""
    return _undecided(undeclared_by(user), user)


def _undecided(applications: QuerySet[Application], user: Person) -> QuerySet[Application]:
    if not (user.is_authenticated and user.has_role(Role.OFFICER)):
        return Application.objects.none()
    return applications.filter(status=Status.ADVISED, decision=None)


def awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return the decisions whose letter this person can release: recorded by somebody else."""
    return _unreleased(readable_by(user), user)


def undeclared_awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return what ``awaiting_release`` keeps back until this releaser has declared interests."""
    return _unreleased(undeclared_by(user), user)


def _unreleased(applications: QuerySet[Application], user: Person) -> QuerySet[Decision]:
    if not (user.is_authenticated and user.has_role(Role.RELEASER)):
        return Decision.objects.none()
    waiting = Decision.objects.filter(letter=None, application__in=applications.values("pk"))
    return waiting.exclude(recorded_by=user)


def letters_visible_to(user: Person) -> QuerySet[Letter]:
    """Return the letters of decisions that a person may open: as applicant or partner, or by a row as assessor."""
    made = Letter.objects.filter(decision__isnull=False, document__isnull=False)
    mine = made.filter(decision__application__in=visible_to_applicants(user).values("pk"))
    handled = made.filter(decision__application__in=readable_by(user).values("pk"))
    return made.filter(pk__in=mine.values("pk").union(handled.values("pk")))


def decisions_visible_to(user: Person) -> QuerySet[Decision]:
    """Return the decisions that an assessor may see: of applications that a row opens."""
    return Decision.objects.filter(application__in=readable_by(user).values("pk"))


def rounds_with_counts() -> QuerySet[ReviewRound]:
    """Return the rounds with how many applications came how far: ``submitted`` to ``sent``."""
    received = Q(applications__status__in=RECEIVED_STATUSES)
    return ReviewRound.objects.annotate(
        submitted=Count("applications", received),
        sealed=Count("applications__seal"),
        advised=Count("applications__advice"),
        decided=Count("applications__decision"),
        letters=Count("applications__decision__letter__document"),
        sent=Count(
            "applications__decision__letter", Q(applications__decision__letter__sent_at__isnull=False)
        ),
        left=F("ceiling") - F("granted_total"),
    ).order_by("number")
