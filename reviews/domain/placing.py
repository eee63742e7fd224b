"""Ending and giving assignments one by one: when a role ends, and by the office (rules 15 and 29)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import Status
from applications.models import Application
from hubportal.accounts.models import User
from hubportal.accounts.permissions import HANDLERS
from hubportal.audit.domain.events import record, record_all
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from reviews.domain.ending import end, take_up_again
from reviews.domain.interests import grant_access, revoke_access
from reviews.domain.mails import queue_assigned
from reviews.enums import AssignmentEnd
from reviews.events import ASSIGNMENT_ENDED, ASSIGNMENT_GIVEN
from reviews.models import Assignment
from reviews.permissions import may_place_reviewers
from reviews.placements import free_reviewers
from reviews.queries import held_by_former_reviewers, open_assignments_of


def give_back_work(*, user: User, actor: User | None, at: datetime) -> int:
    """End the open assignments of somebody who is no reviewer any more, within the act that ends the role.

    What was completed stays. Returns how many ended.
    """
    held = open_assignments_of(user)
    # The applications first, as every act on them does; what an act on one of them ended meanwhile is ended.
    applications = Application.objects.filter(pk__in=held.values("application")).order_by("pk")
    locked = [each.pk for each in applications.select_for_update(of=("self",))]
    ended = list(held.filter(application__in=locked).select_for_update(of=("self",)))
    for assignment in ended:
        end(assignment, because=AssignmentEnd.ROLE, at=at)
    record_all(
        ASSIGNMENT_ENDED,
        subjects=Assignment.objects.filter(pk__in=[each.pk for each in ended]),
        actor=actor,
        at=at,
    )
    return len(ended)


@transaction.atomic(durable=True)
def give_back_assignment(*, assignment_id: int, at: datetime) -> bool:
    """End an assignment of somebody whose account ended; ``False`` if there is no need. Idempotent."""
    Application.objects.select_for_update(of=("self",)).get(assignments=assignment_id)
    assignment = held_by_former_reviewers().filter(pk=assignment_id).first()
    if assignment is None:
        return False
    end(assignment, because=AssignmentEnd.ROLE, at=at)
    record(ASSIGNMENT_ENDED, subject=assignment, actor=None, at=at)
    return True


@transaction.atomic(durable=True)
def end_assignment(*, assignment_id: int, explanation: str, actor: User, at: datetime) -> Assignment:
    """End an assignment by hand; a job assigns somebody else, and who only reviewed reads the application no more. Idempotent.

    Raises ``NotAllowed`` unless the actor is an officer who may read the application, and ``RuleViolation`` without a
    reason, or once the review is complete or the advice fixed.
    """
    application = Application.objects.select_for_update(of=("self",)).get(assignments=assignment_id)
    assignment = Assignment.objects.get(pk=assignment_id)
    may_place_reviewers.check(actor, application)
    if assignment.ended_at is not None:
        return assignment
    if assignment.completed_at is not None or application.status != Status.SEALED:
        raise RuleViolation(_("This review is complete or no longer needed, so its assignment stays."))
    _check_explained(explanation)
    end(assignment, because=AssignmentEnd.OFFICE, explanation=explanation, at=at)
    if not HANDLERS.includes(assignment.reviewer):
        # They read it to review it, and no more.
        revoke_access(application, assignment.reviewer, at=at)
    record(ASSIGNMENT_ENDED, subject=assignment, actor=actor, at=at)
    return assignment


@transaction.atomic(durable=True)
def give_assignment(
    *, application_id: int, reviewer: User, explanation: str, actor: User, at: datetime
) -> Assignment:
    """Assign a reviewer by hand, beside those who are there. Idempotent.

    Raises ``NotAllowed`` unless the actor is an officer who may read the application, and ``RuleViolation`` without a
    reason, for a reviewer with an interest or a tie, and once the advice is fixed.
    """
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("review_round__call")
        .get(pk=application_id)
    )
    may_place_reviewers.check(actor, application)
    if application.status != Status.SEALED:
        raise RuleViolation(_("Reviews can no longer be added to this application."))
    _check_explained(explanation)
    known = Assignment.objects.filter(application=application, reviewer=reviewer).first()
    if known is not None and known.ended_at is None:
        return known
    if not free_reviewers(application).filter(pk=reviewer.pk).exists():
        raise RuleViolation(
            _("This person has an interest in the application or has no role as reviewer."), field="reviewer"
        )
    assignment = known or Assignment(application=application, reviewer=reviewer, assigned_at=at)
    if known is None:
        assignment.explanation = explanation
        assignment.save()
    else:
        take_up_again(assignment, explanation=explanation)
        if application.interest_declarations.filter(
            user=reviewer, replaced_at=None, has_interest=False
        ).exists():
            # What they declared still counts: nobody asks it again.
            grant_access(application.pk, reviewer, at=at)
    record(ASSIGNMENT_GIVEN, subject=assignment, actor=actor, at=at)
    assert application.review_round is not None
    queue_assigned([assignment], application.review_round, at=at)
    return assignment


def _check_explained(explanation: str) -> None:
    if not is_filled(explanation):
        raise RuleViolation(_("Say why."), field="explanation")
