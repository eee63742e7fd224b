"""Reads of reviews."""

from django.db.models import Exists, OuterRef, QuerySet

from applications.models import ReadingAccess
from hubportal.accounts.enums import Role
from regions.queries import Person
from reviews.enums import ReviewStatus
from reviews.models import Assignment, InterestDeclaration, Review


def assignments_of(user: Person) -> QuerySet[Assignment]:
    """Return what a reviewer has to judge or has judged; what is closed by an interest is not in it."""
    if not (user.is_authenticated and user.has_role(Role.REVIEWER)):
        return Assignment.objects.none()
    return Assignment.objects.filter(reviewer=user, ended_at=None)


def reviews_visible_to(user: Person) -> QuerySet[Review]:
    """Return the reviews that a person may see (rule 16).

    One's own always; others' only where the application is open by a row, and, for who reviews it too,
    only after the own review is in.
    """
    if not user.is_authenticated:
        return Review.objects.none()
    application = OuterRef("assignment__application")
    access = ReadingAccess.objects.filter(application=application, user=user, withdrawn_at=None)
    unfinished = Assignment.objects.filter(application=application, reviewer=user, ended_at=None).exclude(
        review__status=ReviewStatus.COMPLETE
    )
    others = Review.objects.filter(Exists(access), ~Exists(unfinished), status=ReviewStatus.COMPLETE)
    own = Review.objects.filter(Exists(access), assignment__reviewer=user)
    return Review.objects.filter(pk__in=others.values("pk")) | Review.objects.filter(pk__in=own.values("pk"))


def interests_to_settle(user: Person) -> QuerySet[InterestDeclaration]:
    """Return the interests on which this chair or deputy can record a measure."""
    if not (user.is_authenticated and user.has_role(Role.CHAIR, Role.DEPUTY)):
        return InterestDeclaration.objects.none()
    waiting = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None, measure="")
    of_chairs = waiting.filter(user__role_grants__role=Role.CHAIR)
    if user.has_role(Role.CHAIR):
        return waiting.exclude(pk__in=of_chairs.values("pk")).exclude(user=user)
    return of_chairs.exclude(user=user)
