"""What must be true of reviews (rules 14 to 17)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Count, Exists, F, OuterRef, Q

from applications.enums import Status
from applications.models import Application, ReadingAccess
from hubportal.kernel.invariants import Violation
from reviews.enums import ReviewStatus
from reviews.models import Affiliation, Assignment, InterestDeclaration, Review, Score


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(_reading(), _assignments(), _reviews())


def _reading() -> Iterator[Violation]:
    counting = InterestDeclaration.objects.filter(
        application=OuterRef("application"), user=OuterRef("user"), replaced_at=None
    )
    opening = counting.filter(Q(has_interest=False) | ~Q(measure=""))
    for access in ReadingAccess.objects.filter(~Exists(opening), withdrawn_at=None):
        yield Violation(
            14,
            "applications.ReadingAccess",
            access.pk,
            "opens an application without a declaration that allows it",
        )
    ties = Affiliation.objects.filter(
        user=OuterRef("user"), organisation__participations__coalition__applications=OuterRef("application")
    )
    measured = counting.exclude(measure="")
    for access in ReadingAccess.objects.filter(Exists(ties), ~Exists(measured), withdrawn_at=None):
        yield Violation(
            14,
            "applications.ReadingAccess",
            access.pk,
            "opens an application to somebody tied to its coalition",
        )


def _assignments() -> Iterator[Violation]:
    interest = InterestDeclaration.objects.filter(
        application=OuterRef("application"),
        user=OuterRef("reviewer"),
        replaced_at=None,
        has_interest=True,
        measure="",
    )
    unfinished = Assignment.objects.filter(ended_at=None).exclude(review__status=ReviewStatus.COMPLETE)
    for each in unfinished.filter(Exists(interest)):
        yield Violation(15, "reviews.Assignment", each.pk, "is of a reviewer with an interest")
    advised = Application.objects.filter(status__in=[Status.ADVISED, Status.GRANTED, Status.REJECTED])
    complete = Count("assignments", filter=Q(assignments__review__status=ReviewStatus.COMPLETE))
    for application in advised.annotate(complete=complete).filter(
        complete__lt=F("call__reviewers_per_application")
    ):
        yield Violation(
            15,
            "applications.Application",
            application.pk,
            "was advised on with fewer reviews than its call asks",
        )


def _reviews() -> Iterator[Violation]:
    complete = Review.objects.filter(status=ReviewStatus.COMPLETE)
    scored = Count("scores", filter=Q(scores__value__isnull=False) & ~Q(scores__reason=""))
    for each in complete.annotate(
        scored=scored, criteria=Count("assignment__application__call__criteria", distinct=True)
    ):
        # The join with the criteria multiplies the scores; as many on each criterion are whole.
        if each.scored != each.criteria * each.criteria:
            yield Violation(
                16, "reviews.Review", each.pk, "is complete without a score and a reason on every criterion"
            )
    outside = Score.objects.filter(
        Q(value__lt=F("criterion__call__lowest_score")) | Q(value__gt=F("criterion__call__highest_score"))
    )
    for score in outside:
        yield Violation(17, "reviews.Score", score.pk, "lies outside the scale of its call")
