"""Reads of reviews."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from applications.enums import Status
from applications.models import Application, ReadingAccess
from applications.queries import listed_for_assessors, readable_by
from hubportal.accounts.enums import Role
from regions.models import Representative
from regions.queries import Person
from reviews.enums import ReviewStatus
from reviews.models import Affiliation, Assignment, InterestDeclaration, Review


def assignments_of(user: Person) -> QuerySet[Assignment]:
    """Return what a reviewer has to judge or has judged; what is closed by an interest is not in it."""
    if not (user.is_authenticated and user.has_role(Role.REVIEWER)):
        return Assignment.objects.none()
    return Assignment.objects.filter(reviewer=user, ended_at=None)


def declarable_by(user: Person) -> QuerySet[Application]:
    """Return the applications on which a person declares interests.

    For who handles every application (chair, deputy, officer, releaser) all that are listed; for who only
    reviews, those assigned.
    """
    listed = listed_for_assessors(user)
    if user.is_authenticated and user.has_role(Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER):
        return listed
    mine = Assignment.objects.filter(application=OuterRef("pk"), reviewer=user.pk, ended_at=None)
    return listed.filter(Exists(mine))


def undeclared_by(user: Person) -> QuerySet[Application]:
    """Return the applications on which a person still has to declare interests before anything opens."""
    declared = InterestDeclaration.objects.filter(application=OuterRef("pk"), user=user.pk, replaced_at=None)
    return declarable_by(user).filter(~Exists(declared))


def reviews_waiting_for(user: Person) -> QuerySet[Assignment]:
    """Return what a reviewer still has to judge, what waits longest in front."""
    open_to_reviews = assignments_of(user).filter(application__status=Status.SEALED)
    return open_to_reviews.exclude(review__status=ReviewStatus.COMPLETE).order_by("assigned_at", "pk")


def awaiting_advice(user: Person) -> QuerySet[Application]:
    """Return the applications whose reviews are all in and on which this chair or deputy can fix the advice."""
    if not (user.is_authenticated and user.has_role(Role.CHAIR, Role.DEPUTY)):
        return Application.objects.none()
    complete = Q(assignments__ended_at=None, assignments__review__status=ReviewStatus.COMPLETE)
    judged = readable_by(user).filter(status=Status.SEALED).annotate(judged=Count("assignments", complete))
    return judged.filter(judged__gte=F("call__reviewers_per_application"))


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


def complete_reviews(user: Person, application: Application) -> QuerySet[Review]:
    """Return the complete reviews of one application that a person may see, with their scores."""
    visible = reviews_visible_to(user).filter(
        assignment__application=application, status=ReviewStatus.COMPLETE
    )
    whole = visible.select_related("assignment__reviewer").prefetch_related("scores__criterion")
    return whole.order_by("completed_at", "pk")


def interests_to_settle(user: Person) -> QuerySet[InterestDeclaration]:
    """Return the interests on which this chair or deputy can record a measure."""
    if not (user.is_authenticated and user.has_role(Role.CHAIR, Role.DEPUTY)):
        return InterestDeclaration.objects.none()
    waiting = InterestDeclaration.objects.filter(has_interest=True, replaced_at=None, measure="")
    of_chairs = waiting.filter(user__role_grants__role=Role.CHAIR)
    if user.has_role(Role.CHAIR):
        return waiting.exclude(pk__in=of_chairs.values("pk")).exclude(user=user)
    return of_chairs.exclude(user=user)


def tied_readers() -> QuerySet[ReadingAccess]:
    """Return the open reading rows of people whom data ties to the coalition, without a measure on it (rule 14)."""
    application, user = OuterRef("application"), OuterRef("user")
    seats = Affiliation.objects.filter(
        user=user, organisation__participations__coalition__applications=application
    )
    speakers = Representative.objects.filter(
        user=user, organisation__participations__coalition__applications=application
    )
    measured = InterestDeclaration.objects.filter(
        application=application, user=user, replaced_at=None
    ).exclude(measure="")
    return ReadingAccess.objects.filter(
        Exists(seats) | Exists(speakers), ~Exists(measured), withdrawn_at=None
    )
