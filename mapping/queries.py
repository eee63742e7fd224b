"""Reads of the map: the regions of a kwartiermaker, and what is known in them."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hubportal.accounts.models import User
from hubportal.accounts.permissions import KWARTIERMAKERS, Person
from mapping.models import ParticipationQuestion
from organisations.models import Organisation, Representative
from organisations.queries import (
    organisations_in,
    organisations_of,
    organisations_on_map,
    pending_representatives,
    proved_representatives,
    with_people,
)
from regions.models import Municipality, Region


def regions_of(user: Person) -> QuerySet[Region]:
    """Return the regions that a kwartiermaker maps; none for anybody else."""
    if not KWARTIERMAKERS.includes(user):
        return Region.objects.none()
    return Region.objects.filter(kwartiermaker_assignments__user=user)


def organisations_mapped_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker may see and edit: those on the map of the assigned regions."""
    regions = regions_of(user).values("pk")
    return (
        organisations_on_map()
        .filter(Q(municipality__region__in=regions) | Q(works_in__in=regions))
        .distinct()
    )


def organisations_editable_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a person may change: those they speak for or map."""
    speaks_for = Q(pk__in=organisations_of(user).values("pk"))
    return Organisation.objects.filter(speaks_for | Q(pk__in=organisations_mapped_by(user).values("pk")))


def representatives_waiting_for(user: Person) -> QuerySet[Representative]:
    """Return whom a kwartiermaker can vouch for: who said that they speak for an organisation of the assigned regions."""
    others = Organisation.objects.filter(
        Q(participations__coalition__created_by__lt=OuterRef("user"))
        | Q(participations__coalition__created_by__gt=OuterRef("user")),
        pk=OuterRef("organisation"),
    )
    # What somebody else began with the organisation would open too: that is for its own people and the office.
    seated = pending_representatives().filter(_seated_in(regions_of(user)), ~Exists(others))
    return seated.exclude(Exists(_speaking_from_elsewhere(user))).exclude(user=user.pk)


def _speaking_from_elsewhere(user: Person) -> QuerySet[Representative]:
    """Return who speaks for the organisation of a row already, and named a seat outside the regions of a kwartiermaker.

    Otherwise who maps it with a seat of their own choice would open to anybody what its people start.
    """
    speaking = proved_representatives().filter(organisation=OuterRef("organisation"))
    return speaking.exclude(stated_municipality__region__in=regions_of(user).values("pk"))


def representatives_waiting_in(region: Region, user: Person) -> QuerySet[Representative]:
    """Return those of one region, the longest waiting first, with people and organisations."""
    here = representatives_waiting_for(user).filter(_seated_in(Region.objects.filter(pk=region.pk)))
    return with_people(here).order_by("since_at", "pk")


def _seated_in(regions: QuerySet[Region]) -> Q:
    """Return the condition that a representative's organisation, on the map or not, has its seat there, as named by them too.

    Where else it works, a kwartiermaker writes down: that would open any organisation to any of them.
    """
    keys = regions.values("pk")
    return Q(organisation__municipality__region__in=keys, stated_municipality__region__in=keys)


def municipalities_without_organisations(region: Region, *, stream: str = "") -> QuerySet[Municipality]:
    """Return the municipalities of a region in which no organisation (of a stream) is known yet."""
    known = organisations_on_map().filter(municipality=OuterRef("pk"))
    if stream:
        known = known.filter(streams__contains=[stream])
    return Municipality.objects.filter(~Exists(known), region=region)


def questions_in(region: Region) -> QuerySet[ParticipationQuestion]:
    """Return the questions of a region: those of the whole region first, then by municipality."""
    return (
        ParticipationQuestion.objects.filter(region=region)
        .select_related("municipality")
        .order_by(F("municipality__sort_name").asc(nulls_first=True), "title", "pk")
    )


def with_municipality_count(regions: QuerySet[Region]) -> QuerySet[Region]:
    """Return the regions with how many municipalities they have (``municipality_count``)."""
    return regions.annotate(municipality_count=Count("municipalities"))


def regions_assigned_to(user: User) -> QuerySet[Region]:
    """Return the regions assigned to a person, whatever roles they hold now."""
    return Region.objects.filter(kwartiermaker_assignments__user=user)


def organisations_shown(
    region: Region, *, stream: str = "", municipality: str = ""
) -> QuerySet[Organisation]:
    """Return the organisations of a region (of a stream, of the municipality with a code), by municipality."""
    organisations = organisations_in(region)
    if stream:
        organisations = organisations.filter(streams__contains=[stream])
    if municipality:
        organisations = organisations.filter(municipality__code=municipality)
    return organisations.select_related("municipality").order_by("municipality__sort_name", "sort_name", "pk")


def numbers_of_organisations(region: Region) -> dict[str, int]:
    """Return how many organisations of a region are known, and how many of them are public."""
    return organisations_in(region).aggregate(
        known=Count("pk", distinct=True),
        public=Count("pk", filter=Q(published_at__isnull=False), distinct=True),
    )
