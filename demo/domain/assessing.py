"""Playing reviewers, chair, officer and releaser."""

from datetime import datetime

from applications.domain.frozen import frozen_content
from applications.models import Application
from calls.enums import Outcome
from decisions.domain import posting
from decisions.domain.budget_lines import TypedLine
from decisions.domain.deciding import record_decision
from decisions.domain.letter_facts import matter_of
from decisions.domain.releasing import release_letter_of_decision
from decisions.models import Decision
from decisions.post_queries import letters_to_post, prints_open_to
from demo.cases import DemoCase
from demo.cast import CHAIR, OFFICER, RELEASER
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from letters.domain.composing import fingerprint
from reviews.domain.advising import fix_advice
from reviews.domain.interests import declare_interest
from reviews.domain.reviewing import Judgement, complete_review, save_review
from reviews.models import Assignment

People = dict[str, User]

REASONS = {
    1: "De aanvraag laat niet zien hoe de mensen om wie het gaat een stem krijgen.",
    2: "Het plan is nog te weinig uitgewerkt om er nu mee te beginnen.",
    3: "Het plan is bruikbaar. Een deel van de kosten is niet nodig voor deze eerste stap.",
    4: "Het plan past goed bij het doel en de regio staat erachter.",
    5: "Het plan overtuigt op ieder punt. De mensen om wie het gaat bepalen mee.",
}


def review(application: Application, case: DemoCase, *, at: datetime) -> None:
    """Let each assigned reviewer declare, score with reasons and complete."""
    for assignment in Assignment.objects.filter(application=application, ended_at=None).select_related(
        "reviewer"
    ):
        reviewer = assignment.reviewer
        declare_interest(
            application_id=application.pk, has_interest=False, explanation="", actor=reviewer, at=at
        )
        save_review(
            assignment_id=assignment.pk,
            judgements={
                criterion: Judgement(_score(case, application, position), REASONS[case.score])
                for position, criterion in enumerate(application.call.criteria.all())
            },
            remark="",
            seen_version=0,
            actor=reviewer,
            at=at,
        )
        complete_review(assignment_id=assignment.pk, actor=reviewer, at=at)


def _score(case: DemoCase, application: Application, position: int) -> int:
    wobble = (0, 1, 0, -1, 0)[(case.number + position) % 5]
    return max(application.call.lowest_score, min(application.call.highest_score, case.score + wobble))


def advise(application: Application, case: DemoCase, people: People, *, at: datetime) -> None:
    """Let the chair declare and fix the advice."""
    chair = people[CHAIR.key]
    declare_interest(application_id=application.pk, has_interest=False, explanation="", actor=chair, at=at)
    fix_advice(
        application_id=application.pk,
        outcome=case.outcome,
        amount=case.granted,
        text=f"{REASONS[case.score]}\n\nDe commissie heeft de aanvraag besproken en is het hierover eens.",
        actor=chair,
        at=at,
    )


def decide(application: Application, case: DemoCase, people: People, *, at: datetime) -> Decision:
    """Let the officer declare and record the decision."""
    officer = people[OFFICER.key]
    declare_interest(application_id=application.pk, has_interest=False, explanation="", actor=officer, at=at)
    return record_decision(
        application_id=application.pk,
        advice_id=application.advice.pk,
        outcome=case.outcome,
        amount=case.granted,
        lines=_lowered(application, case),
        reasons=REASONS[case.score],
        ground=None if case.outcome == Outcome.GRANTED else application.call.rejection_grounds.first(),
        actor=officer,
        at=at,
    )


def _lowered(application: Application, case: DemoCase) -> list[TypedLine]:
    """Return what is accepted of the first budget lines, so that all come to the grant."""
    if case.outcome != Outcome.GRANTED:
        return []
    lines, over = [], case.asked - case.granted
    for position, line in enumerate(frozen_content(application)["budget"], start=1):
        if over and not line["is_contribution"]:
            less = min(over, line["amount"])
            lines.append(
                TypedLine(position, line["amount"] - less, "Dit is niet nodig voor deze eerste stap.")
            )
            over -= less
    return lines


def release(application: Application, people: People, *, at: datetime) -> None:
    """Let the releaser declare and release the letter."""
    releaser = people[RELEASER.key]
    declare_interest(application_id=application.pk, has_interest=False, explanation="", actor=releaser, at=at)
    seen = fingerprint(matter_of(application.decision), on=local_date(at))
    release_letter_of_decision(decision_id=application.decision.pk, seen=seen, actor=releaser, at=at)


def ask_for_post(people: People, *, at: datetime) -> None:
    """Let the officer have the letters on paper made with the date of today, if any waits."""
    officer = people[OFFICER.key]
    if letters_to_post(officer).exists():
        posting.ask_for_post(actor=officer, at=at)


def record_posted(people: People, *, at: datetime) -> None:
    """Let the officer record that the letters on paper were posted as they were made today."""
    officer = people[OFFICER.key]
    made = prints_open_to(officer).filter(dated_on=local_date(at), letter__sent_at=None)
    posting.record_posted(print_ids=list(made.values_list("pk", flat=True)), actor=officer, at=at)
