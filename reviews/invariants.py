"""Invariants of interests, reviews and advice (rules 14 to 18)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from django.db import connection
from django.db.models import Count, Exists, F, Min, OuterRef, Q

from applications.enums import Status
from applications.models import Application, ReadingAccess
from applications.queries import reading_held
from calls.models import Criterion, ReviewRound
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from reviews.domain.assigning import is_uneven
from reviews.enums import ReviewStatus
from reviews.models import (
    Assignment,
    CommitteeAdvice,
    InterestDeclaration,
    Review,
    Score,
    WithdrawnReview,
)
from reviews.ties import assessors, matching, readers_tied, ties, uncovered

_CONSTRAINTS = {
    "interest_declaration_one_that_counts": 14,
    "interest_is_explained": 14,
    "measure_has_author_and_moment": 14,
    "measure_never_by_the_person_concerned": 14,
    "interest_put_aside_by_somebody_with_a_reason": 14,
    "interest_never_put_aside_by_the_person_concerned": 14,
    "covered_tie_once_per_measure": 14,
    "affiliation_of_an_organisation": 29,
    "assignment_once_per_reviewer": 15,
    "assignment_ended_for_a_reason": 29,
    "review_complete_has_its_moment": 16,
    "score_once_per_criterion": 16,
    "Review.assignment": 16,
    "CommitteeAdvice.application": 18,
    "advice_amount_fits_its_outcome": 18,
    "advice_has_reasons": 20,
    "advice_rank_once_per_round": 18,
    "withdrawn_review_is_explained": 30,
    "withdrawn_review_knowing_others_was_allowed": 30,
    "withdrawal_request_one_unanswered": 30,
    "withdrawal_request_is_explained": 30,
    "withdrawal_request_answered_by_somebody": 30,
    "withdrawn_advice_is_explained": 30,
}
# Two requests that were received so close after one another may be done in the other order.
_AT_ONCE = timedelta(minutes=2)
_ADVISED = [Status.ADVISED, Status.GRANTED, Status.REJECTED]
# As ``results.result_of`` computes it: the mean rounded per review, then over the reviews; the spread per criterion.
_RESULTS = """
    WITH counted AS (
        SELECT assignment.id, assignment.application_id
        FROM reviews_assignment AS assignment
        LEFT JOIN reviews_committeeadvice AS advice ON advice.application_id = assignment.application_id
        WHERE assignment.ended_at IS NULL OR %(advised)s AND assignment.ended_at > advice.fixed_at
    ), result AS (
        SELECT each_review.application_id, count(*) AS reviews, round(avg(mean), 2) AS mean,
               min(apart.spread) AS spread
        FROM (
            SELECT assignment.application_id,
                   round(sum(criterion.weight * coalesce(score.value, 0))::numeric / sum(criterion.weight), 2)
                       AS mean
            FROM reviews_review AS review
            JOIN counted AS assignment ON assignment.id = review.assignment_id
            JOIN reviews_score AS score ON score.review_id = review.id
            JOIN calls_criterion AS criterion ON criterion.id = score.criterion_id
            WHERE review.status = %(complete)s
            GROUP BY assignment.application_id, review.id
        ) AS each_review
        JOIN (
            SELECT application_id, round(sum(weight * deviation) / sum(weight), 2) AS spread
            FROM (
                SELECT assignment.application_id, criterion.weight,
                       stddev_pop(coalesce(score.value, 0)) AS deviation
                FROM reviews_review AS review
                JOIN counted AS assignment ON assignment.id = review.assignment_id
                JOIN reviews_score AS score ON score.review_id = review.id
                JOIN calls_criterion AS criterion ON criterion.id = score.criterion_id
                WHERE review.status = %(complete)s
                GROUP BY assignment.application_id, criterion.id
            ) AS of_criterion
            GROUP BY application_id
        ) AS apart ON apart.application_id = each_review.application_id
        GROUP BY each_review.application_id
    )
"""
_OTHER_MEAN = """
    SELECT advice.id
    FROM reviews_committeeadvice AS advice
    JOIN result ON result.application_id = advice.application_id
    WHERE advice.mean_score <> result.mean
"""
_OTHER_RESULT = """
    SELECT application.id
    FROM applications_application AS application
    LEFT JOIN result ON result.application_id = application.id
    LEFT JOIN reviews_reviewresult AS stored ON stored.application_id = application.id
    WHERE (coalesce(stored.reviews, 0), coalesce(stored.mean, 0), coalesce(stored.spread, 0))
       <> (coalesce(result.reviews, 0), coalesce(result.mean, 0), coalesce(result.spread, 0))
       OR stored.review_round_id <> application.review_round_id
"""


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        _reading(),
        _closed_to_them(),
        _assignments(),
        _loads(),
        _reviews(),
        _taken_back(),
        _scores(),
        _advice(),
        broken_constraints("reviews", _CONSTRAINTS),
    )


def _reading() -> Iterator[Violation]:
    counting = InterestDeclaration.objects.filter(
        application=OuterRef("application"), user=OuterRef("user"), replaced_at=None
    )
    opening = counting.filter(Q(has_interest=False) | ~Q(measure=""), declared_at__lte=OuterRef("granted_at"))
    open_rows = ReadingAccess.objects.filter(revoked_at=None)
    yield from each_breaks(
        14,
        open_rows.filter(~Exists(opening)),
        "opens an application without a declaration that allows it",
    )
    yield from each_breaks(
        29, readers_tied(Application.objects.all()), "opens an application to somebody tied to it"
    )


def _closed_to_them() -> Iterator[Violation]:
    """Yield each review and advice by a person without reading access at that moment."""
    held = reading_held(application="assignment__application", user="assignment__reviewer", at="completed_at")
    complete = Review.objects.filter(status=ReviewStatus.COMPLETE)
    yield from each_breaks(
        14, complete.filter(~held), "was written by somebody to whom the application was not open"
    )
    held = reading_held(application="application", user="fixed_by", at="fixed_at")
    yield from each_breaks(
        14,
        CommitteeAdvice.objects.filter(~held),
        "was fixed by somebody to whom the application was not open",
    )


def _assignments() -> Iterator[Violation]:
    declared = InterestDeclaration.objects.filter(
        application=OuterRef("application"), user=OuterRef("reviewer"), replaced_at=None, has_interest=True
    )
    going_on = Assignment.objects.filter(ended_at=None).exclude(review__status=ReviewStatus.COMPLETE)
    unmeasured = going_on.filter(Exists(declared.filter(measure="")))
    yield from each_breaks(15, unmeasured, "is of a reviewer with an interest")
    free = going_on.filter(~Exists(declared.filter(measure="")))
    found = ties(Application.objects.filter(pk__in=free.values("application")), assessors())
    tied = matching(free, uncovered(found), person="reviewer")
    yield from each_breaks(
        29, Assignment.objects.filter(pk__in=tied), "is of a reviewer who is tied to the application"
    )
    once = Assignment.objects.filter(
        application=OuterRef("application"), ended_at=None, pk__lt=OuterRef("pk")
    )
    twice = Assignment.objects.filter(
        Exists(once.filter(reviewer__mailbox=OuterRef("reviewer__mailbox"))), ended_at=None
    )
    yield from each_breaks(
        15, twice.exclude(reviewer__mailbox=""), "is of a mailbox that reviews the application twice"
    )
    counted = Q(assignments__ended_at=None) | Q(assignments__ended_at__gt=F("advice__fixed_at"))
    done = Assignment.objects.filter(ended_at=None, review__status=ReviewStatus.COMPLETE)
    yield from each_breaks(
        29, done.filter(Exists(declared.filter(measure=""))), "counts though its reviewer has an interest"
    )
    complete = counted & Q(assignments__review__status=ReviewStatus.COMPLETE)
    advised = Application.objects.filter(status__in=_ADVISED)
    few = advised.annotate(complete=Count("assignments", complete))
    yield from each_breaks(
        15,
        few.filter(complete__lt=F("call__reviewers_per_application")),
        "was advised on with fewer reviews than its call asks",
    )


def _loads() -> Iterator[Violation]:
    """Yield each round whose reviews were divided unevenly; a round assigned in parts cannot be judged."""
    moment = "applications__assignments__assigned_at"
    rounds = ReviewRound.objects.annotate(
        first=Min(moment),
        runs=Count(moment, distinct=True),
        ended=Count("applications__assignments__ended_at"),
    )
    for each in rounds.filter(runs=1, ended=0).order_by("pk"):
        if is_uneven(each, at=each.first):
            yield Violation(
                15, ReviewRound._meta.label, each.pk, "its work is not balanced over its reviewers"
            )


def _reviews() -> Iterator[Violation]:
    judged = Score.objects.filter(
        review=OuterRef(OuterRef("pk")), criterion=OuterRef("pk"), value__isnull=False, reason__regex=r"\S"
    )
    open_criteria = Criterion.objects.filter(~Exists(judged), call=OuterRef("assignment__application__call"))
    complete = Review.objects.filter(status=ReviewStatus.COMPLETE)
    yield from each_breaks(
        16,
        complete.filter(Exists(open_criteria)),
        "is complete without a score and a reason on every criterion",
    )
    of_review = Review.objects.filter(assignment=OuterRef("pk"), completed_at__isnull=False)
    same = of_review.filter(completed_at=OuterRef("completed_at"))
    listed = Assignment.objects.filter(
        Q(Exists(of_review), completed_at=None) | Q(~Exists(same), completed_at__isnull=False)
    )
    yield from each_breaks(16, listed, "is listed as completed at another moment than its review")


def _taken_back() -> Iterator[Violation]:
    """Yield each review that its reviewer changed knowing those of others, unless the chair allowed it."""
    others = Review.objects.exclude(pk=OuterRef("review")).filter(
        assignment__application=OuterRef("review__assignment__application")
    )
    early = OuterRef("withdrawn_at") - _AT_ONCE
    known = Q(Exists(others.filter(completed_at__lt=early))) | Q(
        Exists(
            others.filter(
                withdrawals__completed_at__lt=early,
                withdrawals__withdrawn_at__gt=OuterRef("completed_at") + _AT_ONCE,
            )
        )
    )
    yield from each_breaks(
        30,
        WithdrawnReview.objects.filter(known, knew_others=False),
        "was taken back by somebody who could read another review, without asking the chair",
    )
    own = Q(request__answered_by=F("review__assignment__reviewer"))
    not_allowed = (
        Q(request__is_allowed=False) | Q(request__answered_at=None) | ~Q(request__review=F("review"))
    )
    yield from each_breaks(
        30,
        WithdrawnReview.objects.filter(own | not_allowed, request__isnull=False),
        "was taken back on a request that nobody else allowed",
    )


def _scores() -> Iterator[Violation]:
    outside = Score.objects.filter(
        Q(value__lt=F("criterion__call__lowest_score")) | Q(value__gt=F("criterion__call__highest_score"))
    )
    yield from each_breaks(17, outside, "lies outside the scale of its call")
    strange = Score.objects.exclude(criterion__call=F("review__assignment__application__call"))
    yield from each_breaks(16, strange, "is on a criterion of another call")
    yield from each_breaks(
        17,
        CommitteeAdvice.objects.filter(pk__in=_found(_OTHER_MEAN, advised=True)),
        "does not rest on the scores as they are",
    )
    yield from each_breaks(
        17,
        Application.objects.filter(pk__in=_found(_OTHER_RESULT)),
        "is listed with another result than its reviews come to",
    )


def _found(among_results: str, *, advised: bool = False) -> list[int]:
    """Return the keys of what is found; ``advised`` counts the reviews that counted when the advice was fixed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RESULTS + among_results, {"complete": ReviewStatus.COMPLETE.value, "advised": advised}
        )
        return [row for (row,) in cursor.fetchall()]


def _advice() -> Iterator[Violation]:
    advised = Application.objects.filter(status__in=_ADVISED)
    yield from each_breaks(18, advised.filter(advice=None), "counts as advised on without advice")
    advice = CommitteeAdvice.objects.all()
    early = advice.exclude(application__status__in=_ADVISED)
    yield from each_breaks(18, early, "is on an application that does not count as advised on")
    yield from each_breaks(
        18,
        advice.exclude(requested_amount=F("application__requested_amount")),
        "was measured by another amount than was asked",
    )
