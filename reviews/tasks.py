"""Sweeps of the reviews app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from applications.enums import Status
from applications.models import Application
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import give_back_on_conflict, revoke_access_on_conflict
from reviews.domain.placing import give_back_assignment
from reviews.queries import held_by_former_reviewers, rounds_to_assign
from reviews.ties import assignments_tied, readers_tied

CONFLICTS = Sweep(
    name="reviews.revoke_access_on_conflict",
    words=_("Closing an application to someone with an interest"),
    due=lambda _at: readers_tied().order_by("granted_at", "pk"),
    act=lambda access_id, at: revoke_access_on_conflict(access_id=access_id, at=at),
    waits_since="granted_at",
)
TIED_REVIEWERS = Sweep(
    name="reviews.give_back_on_conflict",
    words=_("Giving back the work of somebody who came to have an interest"),
    due=lambda _at: assignments_tied(Application.objects.filter(status=Status.SEALED)).order_by(
        "assigned_at", "pk"
    ),
    act=lambda assignment_id, at: give_back_on_conflict(assignment_id=assignment_id, at=at),
    waits_since="assigned_at",
)
FORMER_REVIEWERS = Sweep(
    name="reviews.give_back_assignment",
    words=_("Giving back the work of somebody who left"),
    due=lambda _at: held_by_former_reviewers().order_by("assigned_at", "pk"),
    act=lambda assignment_id, at: give_back_assignment(assignment_id=assignment_id, at=at),
    waits_since="assigned_at",
)
ASSIGNMENTS = Sweep(
    name="reviews.assign_reviewers",
    words=_("Assigning the reviewers of a round"),
    due=lambda _at: rounds_to_assign().order_by("sealed_at", "pk"),
    act=lambda round_id, at: assign_reviewers(round_id=round_id, at=at),
    waits_since="sealed_at",
)


@shared_task(name=ASSIGNMENTS.name)
def assign_reviewers_task() -> None:
    """Revoke access on conflicts of interest and give back what people who left hold; then assign missing reviewers of sealed rounds."""
    run(CONFLICTS, now=clock.now)
    run(TIED_REVIEWERS, now=clock.now)
    run(FORMER_REVIEWERS, now=clock.now)
    run(ASSIGNMENTS, now=clock.now)
