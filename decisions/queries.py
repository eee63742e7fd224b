"""Reads of decisions and of their letters."""

from collections.abc import Iterable

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from applications.enums import UNDECIDED_STATUSES, Status
from applications.models import Application
from applications.queries import (
    is_open_to,
    listed_for_assessors,
    readable_by,
    region_has_several_coalitions,
    visible_to_applicants,
)
from calls.models import ReviewRound
from decisions.enums import LetterOfDecision
from decisions.models import Decision, DecisionDraft, WithdrawnDecision
from decisions.post_queries import rests_on_an_interest
from decisions.totals import TOLD, is_sent
from hubportal.accounts.permissions import OFFICERS, Person
from letters.enums import LetterState
from letters.models import Correction, Letter
from letters.permissions import may_release
from letters.queries import (
    corrections_waiting,
    in_state,
    latest_letters,
    letters_with_copies_back,
    was_told,
)
from reviews.advice_queries import is_reviewed_by
from reviews.models import WithdrawnAdvice
from reviews.queries import is_declared_by, results_are_open_to, undeclared_by

# Without what is long: contents of letters, bodies of mails, outlines of regions.
_ROUND_TABLES = ("coalition__region", "result", "advice", "decision")
_ROUND_COLUMNS = (
    *("reference", "status", "call", "fully_signed_at", "coalition__lead_name"),
    *("coalition__region__name", "coalition__region__sort_name"),
    *("result__reviews", "result__mean", "result__spread"),
    *("advice__outcome", "advice__amount", "decision__outcome", "decision__amount", "decision__letter_id"),
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


def corrections_visible_to(user: Person) -> QuerySet[Correction]:
    """Return the corrections of letters that wait for release, of applications that are open to this person."""
    opened = readable_by(user).values("reference")
    waiting = corrections_waiting().filter(letter__text__kind__key__in=list(LetterOfDecision))
    return waiting.filter(letter__about__in=opened).select_related("letter", "recorded_by")


def corrections_awaiting_release(user: Person) -> QuerySet[Correction]:
    """Return the corrections whose letter this person can release: recorded by somebody else, not reviewed (rule 14)."""
    others = readable_by(user).filter(~is_reviewed_by(user)).values("reference")
    return may_release.among(corrections_visible_to(user).filter(letter__about__in=others), user)


def letters_visible_to(user: Person) -> QuerySet[Letter]:
    """Return the decision letters that a person may open: as applicant or partner, or as assessor with reading access."""
    made = _letters_made()
    mine = made.filter(decision__application__in=visible_to_applicants(user).values("pk"))
    handled = made.filter(decision__application__in=readable_by(user).values("pk"))
    return made.filter(pk__in=mine.values("pk").union(handled.values("pk")))


def _letters_made() -> QuerySet[Letter]:
    return Letter.objects.filter(decision__isnull=False, document__isnull=False)


def decisions_visible_to(user: Person) -> QuerySet[Decision]:
    """Return the decisions that an assessor may see: of applications with reading access."""
    return Decision.objects.filter(application__in=readable_by(user).values("pk"))


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

    Whether it ``is_open`` to a person, who ``is_declared`` and ``may_know_result``; and whether another coalition of the
    region ``shares_region`` in the call.
    """
    shown = Application.objects.select_related(*_ROUND_TABLES).only(*_ROUND_COLUMNS)
    return shown.annotate(
        is_open=is_open_to(user),
        shares_region=region_has_several_coalitions(),
        is_declared=is_declared_by(user),
        may_know_result=results_are_open_to(user),
    )


def decisions_shown() -> QuerySet[Decision]:
    """Return decisions with what the list of letters shows of them."""
    return Decision.objects.select_related(
        "advice",
        "application__coalition",
        "application__review_round__call",
        "recorded_by",
    )


def decisions_in_state(decisions: QuerySet[Decision], state: LetterState) -> QuerySet[Decision]:
    """Return those of the decisions whose latest letter is in a state: a correction may be in trouble too (rule 34).

    In trouble is also what was released and does not go out because of an interest (rule 29).
    """
    if state == LetterState.WAITING:
        return decisions.filter(letter=None)
    kinds = {"text__kind__key__in": list(LetterOfDecision)}
    found = Q(application__reference__in=in_state(state).filter(**kinds).values("about"))
    if state == LetterState.TROUBLE:
        held = Letter.objects.filter(
            rests_on_an_interest(),
            about=OuterRef("application__reference"),
            sent_at=None,
            superseded_by=None,
            **kinds,
        )
        found |= Q(Exists(held))
    return decisions.filter(found)


def decisions_with_copies_back(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return those of the decisions of whose latest letter a copy came back that nobody settled (rule 35)."""
    back = letters_with_copies_back().filter(text__kind__key__in=list(LetterOfDecision))
    return decisions.filter(application__reference__in=back.values("about"))


def latest_letters_on(decisions: Iterable[Decision]) -> dict[str, Letter]:
    """Return the latest letter on each of these decisions that has one, by reference, in one query; without what is long.

    The application of each is there.
    """
    about = [each.application.reference for each in decisions if each.letter_id is not None]
    found = latest_letters().filter(about__in=about, text__kind__key__in=list(LetterOfDecision))
    shown = found.select_related("mail", "released_by").defer("content", "mail__body")
    return {each.about: each for each in shown}


def decision_on(application: Application) -> QuerySet[Decision]:
    """Return the decision on an application."""
    return Decision.objects.filter(application=application).select_related("advice", "recorded_by")


def decision_draft_on(application: Application) -> QuerySet[DecisionDraft]:
    """Return the draft of the decision on an application, with who saved it."""
    return DecisionDraft.objects.filter(application=application).select_related("saved_by", "ground")


def was_taken_back() -> Q:
    """Return the condition that a decision or an advice on an application was ever taken back or sent back."""
    of_it = {"application": OuterRef("pk")}
    return Q(Exists(WithdrawnDecision.objects.filter(**of_it))) | Q(
        Exists(WithdrawnAdvice.objects.filter(**of_it))
    )


def withdrawn_decisions_on(application: Application) -> QuerySet[WithdrawnDecision]:
    """Return the decisions on an application that were taken back or sent back, oldest first."""
    found = WithdrawnDecision.objects.filter(application=application)
    return found.select_related("recorded_by", "withdrawn_by").order_by("number")


def letters_to_applicants(user: Person) -> QuerySet[Letter]:
    """Return the letters that came to a person as applicant or partner, the latest first."""
    letters = _letters_made().filter(decision__application__in=visible_to_applicants(user).values("pk"))
    return letters.select_related("decision__application").order_by("-dated_on", "-pk")


def applications_of_round(review_round: ReviewRound) -> QuerySet[Application]:
    """Return every application that was ever received in a round, withdrawn ones included."""
    return Application.objects.filter(review_round=review_round)


def rounds_to_settle() -> QuerySet[ReviewRound]:
    """Return the sealed rounds of which every letter was sent and that were not settled yet."""
    return rounds_with_every_letter_sent().filter(settled_at=None)


def rounds_with_every_letter_sent() -> QuerySet[ReviewRound]:
    """Return the sealed rounds in which nothing is undecided and no letter waits (rule 26)."""
    return _without_waiting(Q(is_sent()))


def rounds_with_every_letter_told() -> QuerySet[ReviewRound]:
    """Return the sealed rounds in which every letter was sent once, even if it came back later."""
    return _without_waiting(was_told("decision__letter"))


def _without_waiting(sent: Q) -> QuerySet[ReviewRound]:
    here = Application.objects.filter(review_round=OuterRef("pk"))
    undecided = here.filter(status__in=UNDECIDED_STATUSES)
    unsent = here.filter(~sent, status__in=TOLD)
    return ReviewRound.objects.filter(~Exists(undecided), ~Exists(unsent), sealed_at__isnull=False)
