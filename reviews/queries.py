"""Reads of reviews."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from applications.enums import Status
from applications.models import Application
from applications.queries import is_open_to, listed_for_assessors, readable_by
from calls.models import ReviewRound
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import (
    ASSESSORS,
    CHAIRS,
    OFFICERS,
    RELEASERS,
    REVIEWERS,
    Audience,
    Person,
)
from hubportal.accounts.queries import accounts_of, active_in_role, keys_sharing
from letters.queries import corrections_waiting, waiting_for_post
from reviews.enums import AssignmentEnd, ReviewStatus
from reviews.models import Assignment, CommitteeAdvice, InterestDeclaration, Review, Score

# Who handles every application that is listed.
_HANDLERS = Audience(CHAIRS.roles | OFFICERS.roles | RELEASERS.roles)


def assignments_of(user: Person) -> QuerySet[Assignment]:
    """Return the assignments of a reviewer, without those closed by an interest."""
    if not REVIEWERS.includes(user):
        return Assignment.objects.none()
    return Assignment.objects.filter(reviewer=user, ended_at=None)


def reviewable_by(user: Person) -> QuerySet[Assignment]:
    """Return the assignments of a person who has reading access to the application (rule 14)."""
    own = Assignment.objects.filter(reviewer=user.pk, ended_at=None)
    return own.filter(application__in=readable_by(user).values("pk"))


def declarable_by(user: Person) -> QuerySet[Application]:
    """Return the applications on which a person declares interests.

    For chair, deputy, officer and releaser all that are listed; for people who only review, those assigned.
    """
    listed = listed_for_assessors(user)
    if _HANDLERS.includes(user):
        return listed
    mine = Assignment.objects.filter(application=OuterRef("pk"), reviewer=user.pk, ended_at=None)
    return listed.filter(Exists(mine))


def declared_or_declarable_by(user: Person) -> QuerySet[Application]:
    """Return the applications that a person can declare on or has declared on, closed ones included."""
    declared = Q(interest_declarations__user=user.pk, interest_declarations__replaced_at=None)
    before = listed_for_assessors(user).filter(declared)
    return Application.objects.filter(
        Q(pk__in=declarable_by(user).values("pk")) | Q(pk__in=before.values("pk"))
    )


def undeclared_by(user: Person) -> QuerySet[Application]:
    """Return the applications on which a person still has to declare interests before anything opens."""
    return declarable_by(user).filter(~is_declared_by(user))


def asked_to_declare(user: Person) -> QuerySet[Application]:
    """Return the applications on which a person is asked to declare: undeclared, and ``at_desk`` now.

    What is decided and sent is at nobody's. Whoever opens another one declares there and then.
    """
    if not ASSESSORS.includes(user):
        return Application.objects.none()
    return undeclared_by(user).filter(at_desk(user, lacks_reviewer=Q(pk__in=lacking_reviewers_keys())))


def at_desk(user: Person, *, lacks_reviewer: Q) -> Q:
    """Return the condition that an application waits for a person.

    At the reviewer's desk once assigned; at the chair's while it is assessed; at an officer's when it lacks a reviewer or
    waits for a decision, its letter for the post, the account of its grant to be checked, or a
    message of its applicants to be answered; at a releaser's when its
    letter, or the one that corrects it, waits.
    """
    assigned = Assignment.objects.filter(application=OuterRef("pk"), reviewer=user.pk, ended_at=None)
    waits = Q(Exists(assigned), status=Status.SEALED)
    if CHAIRS.includes(user):
        waits |= Q(status=Status.SEALED)
    if OFFICERS.includes(user):
        waits |= (lacks_reviewer & Q(status=Status.SEALED)) | Q(status=Status.ADVISED, decision=None)
        waits |= Q(Exists(waiting_for_post().filter(about=OuterRef("reference"))))
        with_account = Application.objects.order_by().filter(bank_accounts__state="waiting")
        waits |= Q(pk__in=with_account.values("pk"))
        asked = Application.objects.order_by().filter(conversations__waits_since__isnull=False)
        waits |= Q(pk__in=asked.values("pk"))
    if RELEASERS.includes(user):
        corrected = corrections_waiting().filter(letter__about=OuterRef("reference"))
        waits |= Q(decision__isnull=False, decision__letter=None) | Q(Exists(corrected))
    return waits


def reviews_waiting_for(user: Person) -> QuerySet[Assignment]:
    """Return the assignments that a reviewer still has to review, the longest waiting first."""
    open_to_reviews = assignments_of(user).filter(application__status=Status.SEALED)
    return open_to_reviews.filter(completed_at=None).order_by("assigned_at", "pk")


def awaiting_advice(user: Person) -> QuerySet[Application]:
    """Return the fully reviewed applications on which this chair or deputy can fix the advice."""
    return _fully_reviewed(readable_by(user), user)


def undeclared_awaiting_advice(user: Person) -> QuerySet[Application]:
    """Return the applications to advise on that are hidden until this chair or deputy has declared interests."""
    return _fully_reviewed(undeclared_by(user), user)


def _fully_reviewed(applications: QuerySet[Application], user: Person) -> QuerySet[Application]:
    if not CHAIRS.includes(user):
        return Application.objects.none()
    return applications.filter(
        status=Status.SEALED, result__reviews__gte=F("call__reviewers_per_application")
    )


def results_open_to(user: Person) -> QuerySet[Application]:
    """Return the applications whose reviews by others a person may know (rule 16)."""
    return Application.objects.filter(results_are_open_to(user))


def results_are_open_to(user: Person, *, application: str = "pk") -> Q:
    """Return the condition that ``results_open_to`` asks, of the application that this field of a row leads to.

    Requires reading access and, for people who can still review it, their own complete review.
    """
    if not ASSESSORS.includes(user):
        return Q(pk__in=[])
    own_due = own_reviews_due(user).filter(application=OuterRef(application))
    return Q(is_open_to(user, application=application), ~Exists(own_due))


def own_reviews_due(user: Person) -> QuerySet[Assignment]:
    """Return the assignments whose review a person can still complete: before the advice is fixed."""
    return Assignment.objects.filter(
        reviewer=user.pk, ended_at=None, completed_at=None, application__status=Status.SEALED
    )


def reviews_visible_to(user: Person) -> QuerySet[Review]:
    """Return the reviews that a person may see (rule 16).

    Their own always; others' only with reading access and, if they review it too, after their own review is complete.
    """
    if not user.is_authenticated:
        return Review.objects.none()
    application = "assignment__application"
    own = Q(is_open_to(user, application=application), assignment__reviewer=user)
    others = Q(status=ReviewStatus.COMPLETE) & results_are_open_to(user, application=application)
    return Review.objects.filter(own | others)


def complete_reviews(user: Person, application: Application) -> QuerySet[Review]:
    """Return the complete reviews of one application that a person may see, with scores and earlier versions."""
    visible = reviews_visible_to(user).filter(
        assignment__application=application, status=ReviewStatus.COMPLETE
    )
    shown = visible.select_related("assignment__reviewer").prefetch_related(
        "withdrawals__request__answered_by"
    )
    return with_scores(shown).order_by("completed_at", "pk")


def with_scores(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Return the reviews with their scores, each with its criterion, in one more query."""
    return reviews.prefetch_related(Prefetch("scores", Score.objects.select_related("criterion")))


def is_declared_by(user: Person, *, application: str = "pk") -> Exists:
    """Return, for rows that lead to an application, whether a person declared on it; ``application`` names the field."""
    return Exists(declarations_of(user).filter(application=OuterRef(application)))


def declarations_of(user: Person) -> QuerySet[InterestDeclaration]:
    """Return what a person declared and did not replace since."""
    return InterestDeclaration.objects.filter(user=user.pk, replaced_at=None)


def assignments_shown() -> QuerySet[Assignment]:
    """Return assignments with what a list shows of them."""
    return Assignment.objects.select_related(
        "review",
        "application__review_round__call",
        "application__coalition__region",
    )


def reviews_waiting_by_status(user: Person) -> list[tuple[str | None, int]]:
    """Return the statuses of the reviews that wait for a reviewer (``None``: not begun), each with how many there are."""
    # Ordered anew: by its own order each review would make a group of its own.
    statuses = reviews_waiting_for(user).order_by("review__status").values_list("review__status")
    return list(statuses.annotate(number=Count("pk")))


def is_judged(application: Application) -> bool:
    """Tell whether somebody completed a review of it, also one that counts no more or was taken back: its scores were known."""
    judged = Q(completed_at__isnull=False) | Q(review__withdrawals__isnull=False)
    return Assignment.objects.filter(judged, application=application).exists()


def review_on(assignment: Assignment) -> QuerySet[Review]:
    """Return the review of an assignment, begun or complete, with its scores."""
    return with_scores(Review.objects.filter(assignment=assignment))


def valid_reviews(application: Application) -> QuerySet[Review]:
    """Return the complete reviews of an application, with their scores; ended assignments do not count."""
    done = {"assignment__ended_at": None, "status": ReviewStatus.COMPLETE}
    return with_scores(Review.objects.filter(assignment__application=application, **done))


def advice_on(application: Application) -> QuerySet[CommitteeAdvice]:
    """Return the advice that was fixed on an application, with who fixed it."""
    return CommitteeAdvice.objects.filter(application=application).select_related("fixed_by")


def rounds_to_assign() -> QuerySet[ReviewRound]:
    """Return the sealed rounds with an application that needs another reviewer."""
    lacking = lacking_reviewers().values("review_round")
    return ReviewRound.objects.filter(sealed_at__isnull=False, pk__in=lacking)


def lacking_reviewers() -> QuerySet[Application]:
    """Return the applications in assessment with fewer ``reviewers`` than their call asks."""
    sealed = Application.objects.filter(status=Status.SEALED)
    counted = sealed.annotate(reviewers=Count("assignments", filter=Q(assignments__ended_at=None)))
    return counted.filter(reviewers__lt=F("call__reviewers_per_application"))


def lacking_reviewers_keys() -> QuerySet[Application, Any]:
    """Return the keys of ``lacking_reviewers``, to look for among them."""
    return lacking_reviewers().order_by().values("pk")


def assignments_on(applications: Collection[Application] | QuerySet[Application]) -> QuerySet[Assignment]:
    """Return who reviews these applications, and who once did."""
    return Assignment.objects.filter(application__in=applications)


def open_assignments_of(user: User) -> QuerySet[Assignment]:
    """Return the assignments of a person, reviewer or not, whose review is not complete."""
    return Assignment.objects.filter(reviewer=user, ended_at=None, completed_at=None)


def held_by_former_reviewers() -> QuerySet[Assignment]:
    """Return the assignments still to review of people who are no reviewers any more, or whose account ended."""
    reviewers = active_in_role(Role.REVIEWER)
    waiting = Assignment.objects.filter(ended_at=None, completed_at=None, application__status=Status.SEALED)
    return waiting.exclude(reviewer__in=reviewers.values("pk"))


def interested_in(application_id: int) -> QuerySet[User]:
    """Return who has an interest in an application and no measure, by whichever account of theirs (rule 28)."""
    interests = InterestDeclaration.objects.filter(application=application_id, has_interest=True)
    counting = interests.filter(replaced_at=None, measure="")
    own = counting.order_by().values("user")
    return User.objects.filter(Q(pk__in=own) | Q(pk__in=keys_sharing(own)))


def reviews_out() -> QuerySet[Assignment]:
    """Return the assignments on whose reviews an advice rests, though an interest took them out since (rule 29)."""
    return Assignment.objects.filter(
        ended_because=AssignmentEnd.INTEREST,
        completed_at__isnull=False,
        ended_at__gt=F("application__advice__fixed_at"),
    )


def carries_advice(application: Application, user: User) -> bool:
    """Tell whether a letter that did not go out yet rests on what somebody did.

    They adopted the advice, recorded the decision, or an interest took their review out since.
    """
    if application.status != Status.ADVISED:
        return False
    own = accounts_of(user).values("pk")
    acted = CommitteeAdvice.objects.filter(application=application)
    adopted = acted.filter(Q(fixed_by__in=own) | Q(decision__recorded_by__in=own))
    return adopted.exists() or reviews_out().filter(application=application, reviewer__in=own).exists()
