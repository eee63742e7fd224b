"""Reads for pictures: what is public of the organisations and questions of a region, and who is tied to whom."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from mapping.agreement_queries import agreements_of
from mapping.cards import Card, shown_card
from mapping.models import Engagement, ParticipationQuestion, Tie
from mapping.question_queries import engagements_in, public_questions_in
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations_in
from regions.models import Region


def ties_within(region: Region) -> QuerySet[Tie]:
    """Return the ties between organisations that are both on the map of a region."""
    here = organisations_in(region).order_by().values("pk")
    return Tie.objects.filter(one__in=here, other__in=here).order_by("kind", "pk")


def public_ties_within(organisations: Collection[int]) -> QuerySet[Tie]:
    """Return the ties between these organisations, of which both have to be public still (rule 23)."""
    public = Tie.objects.filter(one__published_at__isnull=False, other__published_at__isnull=False)
    return public.filter(one__in=organisations, other__in=organisations).order_by("kind", "pk")


def involved_now(region: Region, *, today: date) -> QuerySet[Engagement]:
    """Return who is involved in which question of a region, where that did not end."""
    return engagements_in(region).filter(Q(until_on=None) | Q(until_on__gte=today))


def involved_in_public(region: Region, *, today: date) -> QuerySet[Engagement]:
    """Return which public organisations are involved now in which public question: to be counted, never told by name (rule 26)."""
    questions = public_questions_in(region, today=today).order_by().values("pk")
    public = public_organisations_in(region).order_by().values("pk")
    return involved_now(region, today=today).filter(question__in=questions, organisation__in=public)


def public_questions(region: Region, *, today: date) -> QuerySet[ParticipationQuestion]:
    """Return the questions that visitors see, by name."""
    return public_questions_in(region, today=today).order_by("title", "pk")


def public_cards_in(region: Region) -> list[tuple[Organisation, Card]]:
    """Return the public organisations of a region by name, each with what visitors read of it (rule 23)."""
    listed = public_organisations_in(region).select_related("municipality").order_by("sort_name", "map_key")
    organisations = list(listed)
    agreed = agreements_of(each.pk for each in organisations)
    return [(each, shown_card(each, agreed.get(each.pk)).card) for each in organisations]
