"""Applications on their way, brought there by the portal's own acts.

Each function takes an application to bring further, or the values to start one with, and goes through
all that comes before: ``decided(outcome=Outcome.REJECTED)`` starts, submits, seals, judges and decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from applications.domain.sealing import seal_round
from applications.domain.signing import ask_signature, sign_by_account, sign_by_link
from applications.domain.submitting import submit
from applications.enums import LinkPurpose, SigningRole, Status
from applications.models import Application
from calls.domain.rounds import round_for
from calls.enums import Outcome
from calls.models import Call, Criterion, RejectionGround
from decisions.domain.deciding import record_decision
from decisions.domain.releasing import produce_letter_of_decision, release_letter_of_decision
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from reviews.domain.advising import fix_advice
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.domain.reviewing import Judgement, complete_review, save_review
from reviews.models import Assignment
from tests.factories.accounts import person
from tests.factories.drafts import (
    Amount,
    budget_lines,
    consented,
    facts_of,
    join,
    mailed_link,
    mailed_secret,
    people_of,
    people_typed,
    plan_budget,
    ready,
    started,
    write_sections,
    written,
)
from tests.factories.granting import lowered_to, read
from tests.factories.moments import AT
from tests.factories.remembering import remembered

if TYPE_CHECKING:
    from tests.factories.drafts import Case

# What comes before a submission too, so that a test finds every step here.
__all__ = [
    "Amount",
    "Case",
    "Committee",
    "advised",
    "after_deadline",
    "assigned",
    "budget_lines",
    "committee",
    "consented",
    "decided",
    "facts_of",
    "join",
    "judged",
    "judgements",
    "mailed_link",
    "mailed_secret",
    "open_to",
    "people_of",
    "people_typed",
    "plain_pdf",
    "plan_budget",
    "produced",
    "ready",
    "released",
    "reviewed",
    "sealed",
    "several_submitted",
    "sign",
    "started",
    "submitted",
    "write_sections",
    "written",
]


@remembered
def submitted(
    application: "Case | None" = None, *, at: datetime = AT, signed: bool = True, **start: Any
) -> "Case":
    """A submission, its declaration signed by both by default."""
    case = ready(application, at=at, **start)
    if case.is_draft:
        review_round = round_for(at, case.call.rounds.all())
        assert review_round is not None
        submit(application_id=case.pk, for_round_id=review_round.pk, actor=case.applicant, at=at)
        case.refresh_from_db()
        if signed:
            sign(case, at=at)
    return case


def sign(case: "Case", *, at: datetime = AT) -> None:
    """Let main applicant and authorised signatory sign, one logged in and one through a link."""
    sign_by_account(application_id=case.pk, role=SigningRole.MAIN_APPLICANT, actor=case.applicant, at=at)
    role = SigningRole.AUTHORISED_SIGNATORY
    ask_signature(application_id=case.pk, role=role, actor=case.applicant, at=at)
    people = case.people
    link = mailed_link(people.signatory_email, LinkPurpose.SIGN)
    sign_by_link(link=link, name=people.signatory_name, at=at)


@remembered
def several_submitted(
    count: int, *, call: Call | None = None, at: datetime = AT, **start: Any
) -> "list[Case]":
    """Submissions of as many coalitions to one call, for one round."""
    first = submitted(call=call, at=at, **start)
    return [first, *(submitted(call=first.call, at=at, **start) for _each in range(count - 1))]


@remembered
def sealed(application: "Case | None" = None, **start: Any) -> "Case":
    """A submission whose round is sealed, a few minutes after its deadline, with all who are in it."""
    case = submitted(application, **start)
    if case.status == Status.SUBMITTED:
        assert case.review_round is not None
        seal_round(round_id=case.review_round.pk, at=after_deadline(case, minutes=5))
        case.refresh_from_db()
    return case


def after_deadline(case: "Case", **later: float) -> datetime:
    """Return a moment after the deadline of an application's round."""
    assert case.review_round is not None
    return case.review_round.deadline_at + timedelta(**later)


@dataclass(frozen=True)
class Committee:
    """Who judges and decides; the same people for every application of a test."""

    reviewers: list[User]
    chair: User
    deputy: User
    officer: User
    releaser: User


def committee(*, reviewers: int = 2) -> Committee:
    """Return the committee and the office, made when absent."""
    known = list(User.objects.filter(role_grants__role=Role.REVIEWER).order_by("pk"))
    known += [person(Role.REVIEWER) for _each in range(reviewers - len(known))]
    return Committee(
        reviewers=known,
        chair=_holder(Role.CHAIR),
        deputy=_holder(Role.DEPUTY),
        officer=_holder(Role.OFFICER),
        releaser=_holder(Role.RELEASER),
    )


def _holder(role: Role) -> User:
    return User.objects.filter(role_grants__role=role).order_by("pk").first() or person(role)


def open_to(case: Application, *users: User, at: datetime | None = None) -> None:
    """Let people declare that they have no interest, which opens the application to them."""
    for user in users:
        declare_interest(application_id=case.pk, has_interest=False, explanation="", actor=user, at=at or AT)


@remembered
def assigned(application: "Case | None" = None, **start: Any) -> "Case":
    """A sealed application with reviewers who declared that they have no interest."""
    case = sealed(application, **start)
    if case.status == Status.SEALED:
        committee(reviewers=case.call.reviewers_per_application)
        assert case.review_round is not None
        at = after_deadline(case, minutes=10)
        assign_reviewers(round_id=case.review_round.pk, at=at)
        open_to(case, *(each.reviewer for each in case.assignments.filter(ended_at=None)), at=at)
    return case


def judgements(case: Application, value: int | None = None) -> dict[Criterion, Judgement]:
    """Return a score with a reason on every criterion."""
    call = case.call
    score = value if value is not None else call.highest_score - 1
    return {each: Judgement(score, f"Goed onderbouwd: {each.title}.") for each in call.criteria.all()}


def judged(
    assignment: Assignment, given: Mapping[Criterion, Judgement] | None = None, *, at: datetime
) -> None:
    """Let a reviewer write a review and hand it in."""
    save_review(
        assignment_id=assignment.pk,
        judgements=given or judgements(assignment.application),
        remark="",
        seen_version=0,
        actor=assignment.reviewer,
        at=at,
    )
    complete_review(assignment_id=assignment.pk, actor=assignment.reviewer, at=at)


@remembered
def reviewed(application: "Case | None" = None, *, score: int | None = None, **start: Any) -> "Case":
    """An application whose reviews are all in."""
    case = assigned(application, **start)
    for assignment in case.assignments.filter(ended_at=None, review=None).order_by("pk"):
        judged(assignment, judgements(case, score), at=after_deadline(case, days=14))
    return case


@remembered
def advised(
    application: "Case | None" = None,
    *,
    advice: Outcome | None = None,
    outcome: Outcome = Outcome.GRANTED,
    granted: Amount | None = None,
    **start: Any,
) -> "Case":
    """An application on which the committee's advice is fixed; it advises what will be decided."""
    case = reviewed(application, **start)
    if case.status == Status.SEALED:
        at = after_deadline(case, days=21)
        chair = committee().chair
        open_to(case, chair, at=at)
        fix_advice(
            application_id=case.pk,
            outcome=advice or outcome,
            amount=Decimal(granted) if granted is not None else case.requested_amount,
            text="Het plan past goed bij het doel.\n\nDe begroting is sober.",
            actor=chair,
            at=at,
        )
        case.refresh_from_db()
    return case


@remembered
def decided(
    application: "Case | None" = None,
    *,
    outcome: Outcome = Outcome.GRANTED,
    granted: Amount | None = None,
    reasons: str = "Ik volg het advies van de commissie.",
    ground: RejectionGround | None = None,
    deviation: str = "Het plan overtuigt ons anders dan de commissie.",
    **start: Any,
) -> "Case":
    """An application on which the office decided; ``deviation`` counts where it departs from the advice."""
    case = advised(application, outcome=outcome, granted=granted, **start)
    if not hasattr(case, "decision"):
        at = after_deadline(case, days=28)
        officer = committee().officer
        open_to(case, officer, at=at)
        record_decision(
            application_id=case.pk,
            advice_id=case.advice.pk,
            outcome=outcome,
            amount=Decimal(granted) if granted is not None else case.requested_amount,
            lines=lowered_to(case, granted) if outcome == Outcome.GRANTED else (),
            reasons=reasons,
            ground=ground or (case.call.rejection_grounds.first() if outcome == Outcome.REJECTED else None),
            deviation=deviation,
            actor=officer,
            at=at,
        )
        case.refresh_from_db()
    return case


@remembered
def released(application: "Case | None" = None, **start: Any) -> "Case":
    """A decided application whose letter was released by somebody else."""
    case = decided(application, **start)
    if case.decision.letter is None:
        at = after_deadline(case, days=30)
        releaser = committee().releaser
        open_to(case, releaser, at=at)
        seen = read(case.decision, at=at)
        release_letter_of_decision(decision_id=case.decision.pk, seen=seen, actor=releaser, at=at)
        case.refresh_from_db()
    return case


def plain_pdf(content: Mapping[str, Any], code: str, at: datetime) -> bytes:
    """Stand in for a rendered letter where a test is about something else."""
    return b"%PDF-1.7\n" + f"{content['reference']} {code}\n".encode() + b"%%EOF\n"


@remembered
def produced(
    application: "Case | None" = None,
    *,
    make_pdf: Callable[[dict[str, Any], str, datetime], bytes] = plain_pdf,
    produced_at: datetime | None = None,
    **start: Any,
) -> "Case":
    """A decided application whose letter is made and waits in the outbox; a stand-in, unless ``letter_pdf`` makes it."""
    case = released(application, **start)
    letter = case.decision.letter
    if letter.document is None:
        at = produced_at or after_deadline(case, days=30, minutes=1)
        produce_letter_of_decision(letter_id=letter.pk, make_pdf=make_pdf, at=at)
        case.refresh_from_db()
    return case
