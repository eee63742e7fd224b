"""Reads of regions and organisations."""

import re

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from regions.models import Municipality, Organisation, ParticipationQuestion, PostcodeRange, Region
from regions.names import sort_name

Person = User | AnonymousUser

_POSTCODE = re.compile(r"\s*(\d{4})\s*(?:[A-Za-z]{2})?\s*")
# Of one letter alone, half of the names contain it.
SHORTEST_SEARCH = 2


def regions_of(user: Person) -> QuerySet[Region]:
    """Return the regions that a kwartiermaker maps; none for anybody else."""
    if not (user.is_authenticated and user.has_role(Role.KWARTIERMAKER)):
        return Region.objects.none()
    return Region.objects.filter(kwartiermaker_assignments__user=user)


def regions_matching(typed: str) -> QuerySet[Region]:
    """Return the regions that a postcode, a municipality or a region's name points to.

    Each says by which municipalities it was found (``matching_municipalities``). A postcode at an edge points to
    more than one region; the person chooses.
    """
    matching = Prefetch("municipalities", _municipalities_matching(typed), "matching_municipalities")
    regions = Region.objects.prefetch_related(matching)
    if (ranges := _postcode_ranges(typed)) is not None:
        return regions.filter(municipalities__postcode_ranges__in=ranges).distinct()
    wanted = sort_name(typed)
    if len(wanted) < SHORTEST_SEARCH:
        return regions.none()
    return regions.filter(
        Q(sort_name__contains=wanted) | Q(municipalities__sort_name__contains=wanted)
    ).distinct()


def _municipalities_matching(typed: str) -> QuerySet[Municipality]:
    if (ranges := _postcode_ranges(typed)) is not None:
        return Municipality.objects.filter(postcode_ranges__in=ranges).distinct()
    wanted = sort_name(typed)
    if len(wanted) < SHORTEST_SEARCH:
        return Municipality.objects.none()
    return Municipality.objects.filter(sort_name__contains=wanted)


def _postcode_ranges(typed: str) -> QuerySet[PostcodeRange] | None:
    """Return the ranges of a postcode; ``None`` for what is no postcode."""
    digits = _POSTCODE.fullmatch(typed)
    if not digits:
        return None
    return PostcodeRange.objects.filter(first__lte=int(digits[1]), last__gte=int(digits[1]))


def organisations_in(region: Region) -> QuerySet[Organisation]:
    """Return the organisations seated or active in a region."""
    return Organisation.objects.filter(Q(municipality__region=region) | Q(works_in=region)).distinct()


def public_organisations() -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker published (rule 23)."""
    return Organisation.objects.filter(published_at__isnull=False)


def organisations_of(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a person speaks for."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    return Organisation.objects.filter(representatives__user=user)


def organisations_mapped_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker may see and edit: those of the assigned regions."""
    regions = regions_of(user).values("pk")
    return Organisation.objects.filter(
        Q(municipality__region__in=regions) | Q(works_in__in=regions)
    ).distinct()


def questions_mapped_by(user: Person) -> QuerySet[ParticipationQuestion]:
    """Return the participation questions of the assigned regions."""
    return ParticipationQuestion.objects.filter(region__in=regions_of(user).values("pk"))


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
