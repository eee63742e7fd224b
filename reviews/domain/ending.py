"""Ending an assignment, and taking it up again, within the act that causes it (rules 15 and 29)."""

from datetime import datetime

from applications.enums import Status
from applications.models import Application
from reviews.enums import AssignmentEnd
from reviews.models import Assignment
from reviews.queries import reviews_out


def end(assignment: Assignment, *, because: AssignmentEnd, at: datetime, explanation: str = "") -> None:
    """End an assignment; a job looks for somebody else."""
    assignment.ended_at, assignment.ended_because, assignment.explanation = at, because, explanation
    assignment.save(update_fields=["ended_at", "ended_because", "explanation"])


def take_up_again(assignment: Assignment, *, explanation: str = "") -> None:
    """Let an ended assignment go on."""
    assignment.ended_at, assignment.ended_because, assignment.explanation = None, "", explanation
    assignment.save(update_fields=["ended_at", "ended_because", "explanation"])


def can_go_on(application: Application, assignment: Assignment) -> bool:
    """Tell whether an ended assignment can go on: there is room for it, or the advice rests on its review."""
    if application.status == Status.SEALED:
        others = application.assignments.filter(ended_at=None).count()
        return others < application.call.reviewers_per_application
    return reviews_out().filter(pk=assignment.pk).exists()
