"""Reads of the questions of a region that an application can take up, and of those that it took up."""

from datetime import date

from django.db.models import QuerySet

from applications.models import Application, SectionGoal
from calls.models import SectionSpec
from coalitions.models import Coalition
from mapping.models import ParticipationQuestion
from mapping.question_queries import public_questions_in

# A section offers no more than anybody reads.
MOST_OFFERED = 50


def goals_in(application: Application, spec: SectionSpec) -> QuerySet[SectionGoal]:
    """Return what a section took up, in the order in which it did."""
    taken = SectionGoal.objects.filter(application=application, spec=spec)
    return taken.order_by("taken_at", "pk")


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
