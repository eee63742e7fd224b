"""Reads of the map: the regions of a kwartiermaker, and what is known in them."""

from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hubportal.accounts.models import User
from hubportal.accounts.permissions import KWARTIERMAKERS, Person
from mapping.models import MapEntry, ParticipationQuestion
from organisations.models import Organisation, Representative
from organisations.queries import (
    SEAT_IS_SHOWN,
    organisations_in,
    organisations_of,
    organisations_on_map,
    pending_representatives,
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
        .filter(Q(SEAT_IS_SHOWN, municipality__region__in=regions) | Q(works_in__in=regions))
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
    return seated.exclude(user=user.pk)


def representatives_waiting_in(region: Region, user: Person) -> QuerySet[Representative]:
    """Return those of one region, the longest waiting first, with people and organisations."""
    here = representatives_waiting_for(user).filter(_seated_in(Region.objects.filter(pk=region.pk)))
    return with_people(here).order_by("since_at", "pk")


def _seated_in(regions: QuerySet[Region]) -> Q:
    """Return the condition that a representative's organisation, on the map or not, has its seat there.

    Where else it works, a kwartiermaker writes down: that would open any organisation to any of them.
    """
    return Q(organisation__municipality__region__in=regions.values("pk"))


def municipalities_without_organisations(region: Region, *, stream: str = "") -> QuerySet[Municipality]:
    """Return the municipalities of a region in which no organisation (of a stream) is known yet."""
    reached = Organisation.reaches.through._default_manager.filter(
        municipality=OuterRef(OuterRef("pk")), organisation=OuterRef("pk")
    )
    seated = Q(SEAT_IS_SHOWN, municipality=OuterRef("pk"))
    known = organisations_on_map().filter(seated | Exists(reached))
    if stream:
        known = known.filter(streams__contains=[stream])
    return Municipality.objects.filter(~Exists(known), region=region)


def entry_of(organisation: Organisation, region: Region) -> MapEntry:
    """Return what a region keeps of an organisation; one that is not saved yet where that is nothing."""
    kept = MapEntry.objects.filter(organisation=organisation, region=region).first()
    return kept or MapEntry(organisation=organisation, region=region)


def organisation_now(organisation: Organisation) -> Organisation:
    """Return an organisation as it is saved now."""
    return Organisation.objects.select_related("municipality", "kind", "changed_by").get(pk=organisation.pk)


def entry_added_with(key: UUID, region: Region) -> MapEntry | None:
    """Return the row of a region that was added with a key, if there is one."""
    return MapEntry.objects.filter(region=region, added_with=key).select_related("organisation").first()


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
