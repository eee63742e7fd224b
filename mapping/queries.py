"""Reads of the map: the regions of a kwartiermaker, and what is known in them."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hubportal.accounts.permissions import KWARTIERMAKERS, Person
from mapping.models import ParticipationQuestion
from organisations.models import Organisation
from organisations.queries import organisations_of
from regions.models import Municipality, Region


def regions_of(user: Person) -> QuerySet[Region]:
    """Return the regions that a kwartiermaker maps; none for anybody else."""
    if not KWARTIERMAKERS.includes(user):
        return Region.objects.none()
    return Region.objects.filter(kwartiermaker_assignments__user=user)


def organisations_mapped_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker may see and edit: those of the assigned regions."""
    regions = regions_of(user).values("pk")
    return Organisation.objects.filter(
        Q(municipality__region__in=regions) | Q(works_in__in=regions)
    ).distinct()


def organisations_editable_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a person may change: those they speak for or map."""
    speaks_for = Q(pk__in=organisations_of(user).values("pk"))
    return Organisation.objects.filter(speaks_for | Q(pk__in=organisations_mapped_by(user).values("pk")))


def white_spots(region: Region, *, stream: str = "") -> QuerySet[Municipality]:
    """Return the municipalities of a region in which no organisation (of a stream) is known yet."""
    known = Organisation.objects.filter(municipality=OuterRef("pk"))
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
