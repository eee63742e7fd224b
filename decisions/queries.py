"""Reads of decisions and of their letters."""

from typing import Any

from django.db.models import Case, F, Func, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, When

from applications.enums import RECEIVED_STATUSES, Status
from applications.models import Application, DeclarationSignature, SealedApplication
from applications.queries import listed_for_assessors, readable_by, visible_to_applicants
from calls.models import Call, ReviewRound
from calls.queries import calls_with_what_is_left
from decisions.models import Decision, DecisionDraft, WithdrawnDecision
from hubportal.accounts.permissions import OFFICERS, Person
from letters.models import Letter
from letters.permissions import may_release
from reviews.advice_queries import is_reviewed_by
from reviews.queries import is_declared_by, results_are_open_to, undeclared_by

# Without what is long: contents of letters, bodies of mails, outlines of regions.
_ROUND_TABLES = (
    *("coalition__region", "coalition__lead_organisation"),
    *("result", "advice", "decision__letter__mail"),
)
_ROUND_COLUMNS = (
    *("reference", "status", "call", "coalition__lead_organisation__name", "coalition__region__name"),
    *("result__reviews", "result__mean", "result__spread"),
    *("advice__outcome", "advice__amount", "decision__outcome", "decision__amount"),
    *("decision__letter__sent_at", "decision__letter__mail__status"),
)


def awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return the advised applications on which this officer can decide."""
    return _undecided(readable_by(user), user)


def undeclared_awaiting_decision(user: Person) -> QuerySet[Application]:
    """Return the applications to decide on that are hidden until this officer has declared interests."""
    return _undecided(undeclared_by(user), user)


def _undecided(applications: QuerySet[Application], user: Person) -> QuerySet[Application]:
    if not OFFICERS.includes(user):
        return Application.objects.none()
    return applications.filter(~is_reviewed_by(user), status=Status.ADVISED, decision=None)


def awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return the decisions whose letter this person can release: recorded by somebody else."""
    return _unreleased(readable_by(user), user)


def undeclared_awaiting_release(user: Person) -> QuerySet[Decision]:
    """Return the decisions to release that are hidden until this releaser has declared interests."""
    return _unreleased(undeclared_by(user), user)


def _unreleased(applications: QuerySet[Application], user: Person) -> QuerySet[Decision]:
    others = applications.filter(~is_reviewed_by(user)).values("pk")
    waiting = Decision.objects.filter(letter=None, application__in=others)
    return may_release.among(waiting, user)


def letters_visible_to(user: Person) -> QuerySet[Letter]:
    """Return the decision letters that a person may open: as applicant or partner, or as assessor with reading access."""
    made = Letter.objects.filter(decision__isnull=False, document__isnull=False)
    mine = made.filter(decision__application__in=visible_to_applicants(user).values("pk"))
    handled = made.filter(decision__application__in=readable_by(user).values("pk"))
    return made.filter(pk__in=mine.values("pk").union(handled.values("pk")))


def decisions_visible_to(user: Person) -> QuerySet[Decision]:
    """Return the decisions that an assessor may see: of applications with reading access."""
    return Decision.objects.filter(application__in=readable_by(user).values("pk"))


def rounds_with_counts() -> QuerySet[ReviewRound]:
    """Return the rounds with counts of applications at each step: ``submitted`` to ``sent``.

    Counted by status wherever that says it (rules 18 and 19): an index has these numbers. Of decisions and letters only
    those under way are looked at.
    """
    here = Application.objects.filter(review_round=OuterRef("pk"))
    told = [Status.GRANTED, Status.REJECTED]
    unsent = Letter.objects.filter(
        decision__application__review_round=OuterRef("pk"), document__isnull=False, sent_at=None
    )
    return ReviewRound.objects.annotate(
        submitted=_number(here.filter(status__in=RECEIVED_STATUSES)),
        sealed=_number(SealedApplication.objects.filter(review_round=OuterRef("pk"))),
        advised=_number(here.filter(status__in=[Status.ADVISED, *told])),
        letters=_number(here.filter(status__in=told)),
        decided=F("letters") + _number(here.filter(status=Status.ADVISED, decision__isnull=False)),
        sent=F("letters") - _number(unsent),
        left=F("ceiling") - F("granted_total"),
    ).order_by("number")


def _number(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().annotate(number=Func(F("pk"), function="COUNT")).values("number")
    return Subquery(counted, output_field=IntegerField())


def calls_with_counted_rounds() -> QuerySet[Call]:
    """Return every call with what is left of it, and its rounds with their counts (``counted_rounds``)."""
    rounds = Prefetch("rounds", rounds_with_counts(), to_attr="counted_rounds")
    return calls_with_what_is_left().prefetch_related(rounds)


def listed_in_round(
    review_round: ReviewRound, user: Person, *, by_score: bool = False
) -> QuerySet[Application]:
    """Return the applications of a round that an assessor may list, by reference or by highest mean."""
    listed = listed_for_assessors(user).filter(review_round=review_round)
    if not by_score:
        return listed.order_by("reference")
    # A place in the order would tell the score of what is closed.
    mean = Case(When(results_are_open_to(user), then=F("result__mean")))
    return listed.order_by(mean.desc(nulls_last=True), "reference")


def applications_shown_in_round(user: Person) -> QuerySet[Application]:
    """Return applications with what the list of a round shows.

    Whether a person ``is_declared`` and ``may_know_result``, and how many ``signatures_there`` are.
    """
    signatures = DeclarationSignature.objects.filter(application=OuterRef("pk"))
    shown = Application.objects.select_related(*_ROUND_TABLES).only(*_ROUND_COLUMNS)
    return shown.annotate(
        is_declared=is_declared_by(user),
        may_know_result=results_are_open_to(user),
        signatures_there=_number(signatures),
    )


def decisions_shown() -> QuerySet[Decision]:
    """Return decisions with what the list of letters shows of them."""
    return Decision.objects.select_related(
        "advice",
        "application__coalition__lead_organisation",
        "application__review_round__call",
        "recorded_by",
        "letter__released_by",
        "letter__mail",
        "letter__document",
    )


def decision_on(application: Application) -> QuerySet[Decision]:
    """Return the decision on an application, with the state of its letter."""
    return Decision.objects.filter(application=application).select_related(
        "advice", "recorded_by", "letter__mail", "letter__released_by"
    )


def decision_draft_on(application: Application) -> QuerySet[DecisionDraft]:
    """Return the draft of the decision on an application, with who saved it."""
    return DecisionDraft.objects.filter(application=application).select_related("saved_by", "ground")


def withdrawn_decisions_on(application: Application) -> QuerySet[WithdrawnDecision]:
    """Return the decisions on an application that were taken back or sent back, oldest first."""
    found = WithdrawnDecision.objects.filter(application=application)
    return found.select_related("recorded_by", "withdrawn_by").order_by("number")


def letters_to_applicants(user: Person) -> QuerySet[Letter]:
    """Return the letters that came to a person as applicant or partner, the latest first."""
    mine = visible_to_applicants(user).values("pk")
    letters = letters_visible_to(user).filter(decision__application__in=mine)
    return letters.select_related("decision__application").order_by("-dated_on")
