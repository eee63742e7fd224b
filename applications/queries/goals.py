"""Reads of the questions of a region that an application can take up, and of those that it took up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from applications.models import Application, SectionGoal
from calls.models import SectionSpec
from coalitions.models import Coalition
from mapping.models import ParticipationQuestion
from mapping.question_queries import public_questions_in

# A section offers no more than anybody reads.
MOST_OFFERED = 50


@dataclass(frozen=True)
class Questions:
    """The questions of a region beside a section: what it took up, in that order, and what it can take up."""

    # With ``goal_text``, as it was put in.
    goals: Sequence[ParticipationQuestion]
    offered: Sequence[ParticipationQuestion]


def questions_beside(application: Application, spec: SectionSpec, *, today: date) -> Questions:
    """Return what a section took up, and the public questions that it can take up beside it, in one query."""
    goals = SectionGoal.objects.filter(application=application, spec=spec, question=OuterRef("pk"))
    public = questions_to_take(application, today=today).order_by().values("pk")
    known = ParticipationQuestion.objects.annotate(
        goal_text=Subquery(goals.values("text")[:1]), goal_taken_at=Subquery(goals.values("taken_at")[:1])
    ).filter(Q(goal_taken_at__isnull=False) | Q(pk__in=public))
    # As ``public_questions_in`` orders them, behind what was taken up.
    found = known.select_related("municipality").order_by(
        F("goal_taken_at").asc(nulls_last=True), F("until_on").asc(nulls_last=True), "title", "pk"
    )
    listed = list(found[: 2 * MOST_OFFERED])
    return Questions(
        [each for each in listed if each.goal_taken_at],
        [each for each in listed if not each.goal_taken_at][:MOST_OFFERED],
    )


def goal_in(application: Application, spec: SectionSpec, question_id: int) -> SectionGoal | None:
    """Return the goal of a section that is this question, if there is one."""
    return SectionGoal.objects.filter(application=application, spec=spec, question=question_id).first()


def goals_of(coalition: Coalition) -> QuerySet[SectionGoal]:
    """Return what any application of a coalition took up, with the questions."""
    taken = SectionGoal.objects.filter(application__coalition=coalition)
    return taken.select_related("question").order_by("pk")


def questions_to_take(application: Application, *, today: date) -> QuerySet[ParticipationQuestion]:
    """Return the public questions of the region of an application (rule 26: of others nothing is told)."""
    return public_questions_in(application.coalition.region, today=today)
