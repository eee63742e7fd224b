"""Reads of decisions and letters."""

from django.db.models import QuerySet

from applications.enums import Status
from applications.models import Application
from applications.queries import readable_by, visible_to_applicants
from decisions.models import Decision, DecisionLetter
from hubportal.accounts.enums import Role
from regions.queries import Person


def letters_to_produce() -> QuerySet[DecisionLetter]:
    """Return the released letters that are not made yet, oldest first."""
    return DecisionLetter.objects.filter(document=None).order_by("released_at", "pk")


def letters_being_sent() -> QuerySet[DecisionLetter]:
    """Return the letters whose moment of sending is not fixed yet."""
    return DecisionLetter.objects.filter(sent_at=None, mail__isnull=False).select_related(
        "mail", "decision__application__call"
    )


def awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return the advised applications on which this officer can decide."""
    if not (user.is_authenticated and user.has_role(Role.OFFICER)):
        return Application.objects.none()
    return readable_by(user).filter(status=Status.ADVISED, decision=None)


def awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return the decisions whose letter this person can release: recorded by somebody else."""
    if not (user.is_authenticated and user.has_role(Role.RELEASER)):
        return Decision.objects.none()
    readable = readable_by(user).values("pk")
    return Decision.objects.filter(letter=None, application__in=readable).exclude(recorded_by=user)


def letters_visible_to(user: Person) -> QuerySet[DecisionLetter]:
    """Return the letters that a person may open: as applicant or partner, or by a row as assessor."""
    produced = DecisionLetter.objects.filter(document__isnull=False)
    mine = produced.filter(decision__application__in=visible_to_applicants(user).values("pk"))
    handled = produced.filter(decision__application__in=readable_by(user).values("pk"))
    return produced.filter(pk__in=mine.values("pk").union(handled.values("pk")))
