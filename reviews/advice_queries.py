"""Reads of advice: its draft, its place in a ranking, and what was taken back."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import ASSESSED_STATUSES, Status
from applications.models import Application
from applications.queries import is_open_to
from hubportal.accounts.permissions import CHAIRS, Person
from hubportal.accounts.queries import accounts_of
from reviews.enums import AssignmentEnd, ReviewStatus
from reviews.models import (
    AdviceDraft,
    Assignment,
    CommitteeAdvice,
    Review,
    WithdrawalRequest,
    WithdrawnAdvice,
    WithdrawnReview,
)
from reviews.queries import results_are_open_to


def advice_draft_on(application: Application) -> QuerySet[AdviceDraft]:
    """Return the draft of the advice on an application, with who saved it."""
    return AdviceDraft.objects.filter(application=application).select_related("saved_by")


def withdrawn_advice_on(application: Application) -> QuerySet[WithdrawnAdvice]:
    """Return the advice that was taken back on an application, oldest first."""
    found = WithdrawnAdvice.objects.filter(application=application).select_related("fixed_by", "withdrawn_by")
    return found.order_by("number")


def rank_is_taken(application: Application, rank: int) -> bool:
    """Tell whether a place in the ranking was given to another application of the round."""
    same = CommitteeAdvice.objects.filter(review_round=application.review_round_id, rank=rank)
    return same.exclude(application=application).exists()


def may_rank_in_round_of(user: Person, application: Application) -> bool:
    """Tell whether everything that is assessed in the round of an application is open to a person.

    Whoever ranks beside what is closed to them finds its place by trying, or by the gap that it leaves (rules 14 and 26).
    """
    beside = Application.objects.filter(
        review_round=application.review_round_id, status__in=ASSESSED_STATUSES
    )
    return not beside.filter(~Q(is_open_to(user))).exists()


def is_reviewed_by(user: Person, *, application: str = "pk") -> Exists:
    """Return whether a person reviews or reviewed the application that this field of a row leads to (rule 14)."""
    # Also under another account of the mailbox (rule 28).
    own = Assignment.objects.filter(
        application=OuterRef(application), reviewer__in=accounts_of(user).values("pk")
    )
    # Who took a review back, and gave the work up, once judged all the same.
    judged = Q(completed_at__isnull=False) | Exists(
        WithdrawnReview.objects.filter(review__assignment=OuterRef("pk"))
    )
    return Exists(own.filter(Q(ended_at=None) | judged))


def knows_others(review: Review) -> bool:
    """Tell whether the reviewer could see another review of the application since the own one was first complete.

    A review that another took back since counts too: it was there to be read.
    """
    moments = [each.completed_at for each in review.withdrawals.all()]
    first = min(moments, default=review.completed_at)
    if first is None:
        return False
    application = review.assignment.application_id
    others = Review.objects.filter(assignment__application=application).exclude(pk=review.pk)
    gone = WithdrawnReview.objects.filter(review__in=others, withdrawn_at__gte=first)
    return others.filter(status=ReviewStatus.COMPLETE).exists() or gone.exists()


def withdrawal_requests_on(review: Review) -> QuerySet[WithdrawalRequest]:
    """Return what a reviewer asked the chair about taking a review back, the last one first."""
    found = WithdrawalRequest.objects.filter(review=review).select_related("answered_by")
    return found.order_by("-pk")


def unanswered_requests_on(application: Application) -> QuerySet[WithdrawalRequest]:
    """Return the requests to take a review of an application back that wait for an answer."""
    of_application = {"review__assignment__application": application, "review__assignment__ended_at": None}
    return WithdrawalRequest.objects.filter(
        answered_at=None, review__status=ReviewStatus.COMPLETE, **of_application
    )


def taken_out_of(application: Application | OuterRef) -> QuerySet[Assignment]:
    """Return the assignments whose complete reviews an interest took out of the mean (rule 29)."""
    return Assignment.objects.filter(
        application=application, ended_because=AssignmentEnd.INTEREST, completed_at__isnull=False
    )


def withdrawal_requests_answerable_by(user: Person) -> QuerySet[WithdrawalRequest]:
    """Return the unanswered requests that this chair or deputy can answer: never about the own review."""
    if not CHAIRS.includes(user):
        return WithdrawalRequest.objects.none()
    application = "review__assignment__application"
    asked = WithdrawalRequest.objects.filter(
        results_are_open_to(user, application=application),
        answered_at=None,
        review__status=ReviewStatus.COMPLETE,
        review__assignment__ended_at=None,
        **{f"{application}__status": Status.SEALED},
    )
    return asked.exclude(review__assignment__reviewer__in=accounts_of(user).values("pk"))


def with_their_reviews(requests: QuerySet[WithdrawalRequest]) -> QuerySet[WithdrawalRequest]:
    """Return requests with what a list shows of them, the longest waiting first."""
    return requests.select_related(
        "review__assignment__reviewer", "review__assignment__application"
    ).order_by("asked_at", "pk")
