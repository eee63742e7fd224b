"""Reads of who wants to be found on which question."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from hubportal.accounts.permissions import Person
from mapping.models import ParticipationQuestion
from mapping.question_queries import public_questions
from matching.models import FoundWish
from organisations.models import Organisation, Representative
from organisations.queries import (
    organisations_of,
    proved_representatives,
    public_organisations,
    regions_of_organisation,
)
from regions.models import Region


def findable_by(user: Person) -> QuerySet[Organisation]:
    """Return the published organisations that a person is proved to speak for: a made-up one finds nobody (rules 23 and 27)."""
    spoken_for = organisations_of(user).order_by().values("pk")
    return public_organisations().filter(pk__in=spoken_for).order_by("sort_name", "map_key")


def spoken_for_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations of which a person may end that they are found, published or not any more."""
    return organisations_of(user).order_by("sort_name", "map_key")


def questions_for(organisation: Organisation, *, today: date) -> QuerySet[ParticipationQuestion]:
    """Return the public questions of the regions in which an organisation is active."""
    public = public_questions(today=today).filter(region__in=regions_of_organisation(organisation))
    return public.select_related("region", "municipality").order_by("region__name", "title", "pk")


def wishes_of(organisation: Organisation) -> dict[int, FoundWish]:
    """Return on what an organisation can be found now, by question: a wish that others do not read, reads nobody either."""
    return {each.question_id: each for each in counting_wishes().filter(organisation=organisation)}


def wish_of(organisation: Organisation, question_id: int) -> FoundWish | None:
    """Return whether an organisation wants to be found on a question."""
    return FoundWish.objects.filter(organisation=organisation, question=question_id).first()


def counting_wishes() -> QuerySet[FoundWish]:
    """Return the wishes of organisations that are published in the region of the question, of which who said so still speaks for them.

    Rules 23 and 27: a dispute is settled first.
    """
    speaking = undisputed().filter(organisation=OuterRef("organisation"), user=OuterRef("said_by"))
    there = Region.objects.order_by().filter(pk=OuterRef("question__region"))
    active = Q(active_organisations=OuterRef("organisation"))
    seated = Q(municipalities__organisations=OuterRef("organisation"))
    off = there.filter(
        map_entries__organisation=OuterRef("organisation"), map_entries__removed_at__isnull=False
    )
    return FoundWish.objects.filter(
        Exists(speaking),
        Exists(there.filter(active | seated)),
        ~Exists(off),
        organisation__published_at__isnull=False,
    )


def undisputed() -> QuerySet[Representative]:
    """Return who speaks for an organisation, and of whom nobody disputes that (rule 27)."""
    return proved_representatives().filter(contested_at=None)


def others_on(wish: FoundWish) -> QuerySet[FoundWish]:
    """Return who else wants to be found on a question: not organisations for which the same person speaks."""
    own = proved_representatives().filter(user=wish.said_by_id).order_by().values("organisation")
    others = counting_wishes().filter(question=wish.question_id)
    others = others.exclude(Q(organisation=wish.organisation_id) | Q(organisation__in=own))
    return others.select_related("organisation", "said_by", "question__region").order_by("pk")


def matches_of(wishes: dict[int, FoundWish], *, user: Person) -> dict[int, list[FoundWish]]:
    """Return who else looks on each of these questions, by question, in no order that tells when they came."""
    own = proved_representatives().filter(user=user.pk).order_by().values("organisation")
    keys = [each.organisation_id for each in wishes.values()]
    others = counting_wishes().filter(question__in=list(wishes))
    others = others.exclude(Q(organisation__in=own) | Q(organisation__in=keys)).select_related(
        "organisation__municipality"
    )
    found: dict[int, list[FoundWish]] = {}
    for each in others.order_by("organisation__sort_name", "pk"):
        found.setdefault(each.question_id, []).append(each)
    return found
