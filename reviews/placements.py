"""Reads of who reviews what, for the office (rule 15)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from applications.enums import Status
from applications.models import Application
from applications.queries import readable_by
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS, Person
from hubportal.accounts.queries import active_in_role
from reviews.advice_queries import is_reviewed_by
from reviews.barred import barred_from_reviewing
from reviews.models import Assignment
from reviews.queries import at_desk, lacking_reviewers_keys, reviews_out, undeclared_by


def to_place(user: Person) -> QuerySet[Application]:
    """Return the applications open to an officer that lack a reviewer, or whose advice rests on a review that is out."""
    return _to_place(readable_by(user), user)


def undeclared_to_place(user: Person) -> QuerySet[Application]:
    """Return the same of the applications on which an officer has to declare interests first."""
    return _to_place(undeclared_by(user), user)


@dataclass(frozen=True)
class DeskNumbers:
    """How many applications an officer has to place, to declare on before placing, and to declare on for anything."""

    to_place: int
    undeclared_to_place: int
    to_declare: int


def numbers_at_desk(user: Person) -> DeskNumbers:
    """Return how many applications ``to_place``, ``undeclared_to_place`` and ``asked_to_declare`` hold, in three queries.

    Few lack a reviewer and all three ask which do, so that is looked up once.
    """
    lacks = Q(pk__in=list(lacking_reviewers_keys().values_list("pk", flat=True)))
    here = {"pk": OuterRef("pk")}
    is_readable, is_undeclared = (
        Exists(each.filter(**here)) for each in (readable_by(user), undeclared_by(user))
    )
    placed = Application.objects.filter(lacks | _is_held_up(), ~is_reviewed_by(user)).order_by()
    counted = placed.aggregate(
        to_place=Count("pk", filter=is_readable), undeclared_to_place=Count("pk", filter=is_undeclared)
    )
    waiting = undeclared_by(user).filter(at_desk(user, lacks_reviewer=lacks))
    return DeskNumbers(**counted, to_declare=waiting.count())


def _to_place(applications: QuerySet[Application], user: Person) -> QuerySet[Application]:
    if not OFFICERS.includes(user):
        return Application.objects.none()
    # Nobody chooses who reviews beside them.
    return applications.filter(Q(pk__in=lacking_reviewers_keys()) | _is_held_up(), ~is_reviewed_by(user))


def _is_held_up() -> Q:
    return Q(pk__in=_held_up().values("application"))


def _held_up() -> QuerySet[Assignment]:
    return reviews_out().filter(application__status=Status.ADVISED)


def with_places(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return applications with how many ``reviewers`` they have, and whether their advice ``is_held_up``."""
    return applications.annotate(
        reviewers=Count("assignments", filter=Q(assignments__ended_at=None)),
        is_held_up=Exists(_held_up().filter(application=OuterRef("pk"))),
    )


def assigned_to(application: Application) -> QuerySet[Assignment]:
    """Return who reviews an application and who once did, as they came."""
    return application.assignments.select_related("reviewer").order_by("assigned_at", "pk")


def free_reviewers(application: Application) -> QuerySet[User]:
    """Return the reviewers who may review an application and do not: never with an interest, declared or by data."""
    barred = {person for _application, person in barred_from_reviewing([application.pk])}
    now = application.assignments.filter(ended_at=None).values("reviewer")
    return (
        active_in_role(Role.REVIEWER).exclude(pk__in=barred).exclude(pk__in=now).order_by("full_name", "pk")
    )


def number_of_free_reviewers(applications: Collection[int]) -> dict[int, int]:
    """Return of each application how many reviewers a job could still assign to it."""
    reviewers = set(active_in_role(Role.REVIEWER).values_list("pk", flat=True))
    once = Assignment.objects.filter(application__in=applications)
    taken = {*barred_from_reviewing(applications), *once.values_list("application_id", "reviewer_id")}
    return {each: sum((each, one) not in taken for one in reviewers) for each in applications}
