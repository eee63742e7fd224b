"""Reads of who maps which region, and of what is open there."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, KWARTIERMAKERS, Person
from hubportal.accounts.queries import active_in_role
from mapping.models import KwartiermakerAssignment, MapEntry
from organisations.queries import organisations_in
from regions.models import Region

# How long somebody is new in a region.
NEW_FOR = timedelta(days=30)


def working() -> QuerySet[KwartiermakerAssignment]:
    """Return the assignments of who holds the role and can log in."""
    return KwartiermakerAssignment.objects.filter(user__in=active_in_role(Role.KWARTIERMAKER).values("pk"))


def regions_without_kwartiermaker() -> QuerySet[Region]:
    """Return the regions that nobody maps."""
    return Region.objects.filter(~Exists(working().filter(region=OuterRef("pk"))))


def regions_with_kwartiermakers() -> QuerySet[Region]:
    """Return all regions, those that nobody maps first, each with who does (``working``)."""
    held = working().select_related("user").order_by("user__full_name", "pk")
    regions = Region.objects.annotate(is_mapped=Exists(working().filter(region=OuterRef("pk"))))
    ordered = regions.order_by("is_mapped", "sort_name", "pk")
    return ordered.prefetch_related(Prefetch("kwartiermaker_assignments", held, to_attr="working"))


def assignments_to_hand_over(user: Person) -> QuerySet[KwartiermakerAssignment]:
    """Return the assignments that a person may end by giving them to somebody else: the own ones, or all for an administrator."""
    if ADMINISTRATORS.includes(user):
        return KwartiermakerAssignment.objects.all()
    if KWARTIERMAKERS.includes(user):
        return KwartiermakerAssignment.objects.filter(user=user)
    return KwartiermakerAssignment.objects.none()


def assignment_of(user: User, region: Region) -> KwartiermakerAssignment | None:
    """Return the assignment of a region to somebody, if there is one."""
    return KwartiermakerAssignment.objects.filter(user=user, region=region).first()


def kwartiermakers_not_in(region: Region) -> QuerySet[User]:
    """Return the kwartiermakers who do not map a region, by name."""
    here = KwartiermakerAssignment.objects.filter(region=region).values("user")
    return active_in_role(Role.KWARTIERMAKER).exclude(pk__in=here).order_by("full_name", "pk")


def kwartiermakers_in(region: Region) -> QuerySet[User]:
    """Return whoever a region is assigned to, by name; also who lost the role since."""
    here = KwartiermakerAssignment.objects.filter(region=region).values("user")
    return User.objects.filter(pk__in=here).order_by("full_name", "pk")


def regions_new_to(user: Person, *, today: date) -> QuerySet[KwartiermakerAssignment]:
    """Return the assignments of a kwartiermaker that began lately, the latest first."""
    if not KWARTIERMAKERS.includes(user):
        return KwartiermakerAssignment.objects.none()
    lately = Q(since_on__gt=today - NEW_FOR)
    mine = KwartiermakerAssignment.objects.filter(lately, user=user).select_related("region")
    return mine.order_by("-since_on", "-pk")


def talks_planned_in(region: Region) -> QuerySet[MapEntry]:
    """Return the talks with organisations of a region that have a next date, the nearest first."""
    here = organisations_in(region).order_by().values("pk")
    planned = MapEntry.objects.filter(
        region=region, removed_at=None, next_on__isnull=False, organisation__in=here
    )
    return planned.select_related("organisation").order_by("next_on", "pk")
