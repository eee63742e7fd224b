"""Reads of questions: the rows and columns of the matrix, and what visitors see."""

from datetime import date

from django.db.models import F, Q, QuerySet

from mapping.enums import QuestionState
from mapping.models import Engagement, ParticipationQuestion
from mapping.queries import engagements_on_map, questions_in
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region

# On the page of a region.
QUESTIONS_SHOWN = 50


def questions_about(region: Region, *, theme: str, plan: str, state: str) -> QuerySet[ParticipationQuestion]:
    """Return the questions of a region about a theme, of a plan, in a state; each where something is asked for."""
    found = questions_in(region)
    if theme:
        found = found.filter(theme=theme)
    if plan:
        found = found.filter(plans__contains=[plan])
    return found.filter(state=state) if state else found


def organisations_called(region: Region, typed: str) -> QuerySet[Organisation]:
    """Return the organisations of a region by name, or those with what was typed in one of their names."""
    listed = organisations_in(region).order_by("sort_name", "map_key")
    return listed.filter(Q(name__icontains=typed) | Q(other_names__icontains=typed)) if typed else listed


def engagements_in(region: Region) -> QuerySet[Engagement]:
    """Return who is involved in which question of a region, of those on its map."""
    here = organisations_in(region).order_by().values("pk")
    involved = engagements_on_map().filter(question__region=region, organisation__in=here)
    return involved.order_by("question", "organisation", "pk")


def engagement_in(question: ParticipationQuestion, organisation: Organisation) -> QuerySet[Engagement]:
    """Return the forms in which an organisation is involved in a question."""
    return Engagement.objects.filter(question=question, organisation=organisation)


def public_questions_in(region: Region, *, today: date) -> QuerySet[ParticipationQuestion]:
    """Return the questions in which visitors can still have a say, what ends first in front (rule 26: never who is involved)."""
    public = public_questions(today=today).filter(region=region)
    return public.select_related("municipality").order_by(F("until_on").asc(nulls_last=True), "title", "pk")


def public_questions(*, today: date) -> QuerySet[ParticipationQuestion]:
    """Return the questions of all regions in which visitors can still have a say."""
    public = ParticipationQuestion.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today), is_public=True, state=QuestionState.OPEN
    )
    return public.order_by("pk")
