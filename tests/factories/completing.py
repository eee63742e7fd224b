"""Requests to complete an application, by the portal's own acts."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from completions.domain.adding import add_file
from completions.domain.answering import digest_of, save_answers, send_completion
from completions.domain.asking import RequestAsTyped, ask_to_complete, save_request
from completions.models import CompletionFile, CompletionRequest
from completions.queries import request_about
from hubportal.kernel.clock import local_date
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.remembering import remembered
from tests.factories.scenarios import committee, open_to, submitted

if TYPE_CHECKING:
    from tests.factories.scenarios import Case

ASKED_AT = AT + timedelta(hours=1)
ANSWERED_AT = ASKED_AT + timedelta(days=2)
# Two weeks.
DAYS = 14
LAST_DAY = local_date(ASKED_AT) + timedelta(days=DAYS)
EXPLANATION = "Wij missen twee dingen (fictief)."
POINTS = (("+budget", "Waarvoor is de post huur?"), ("", "Wie is de bedachte voorzitter?"))
ANSWERS = {1: "Voor twee bedachte zalen.", 2: "Vera Voorbeeld."}


def still_until(case: Any, day: date) -> int:
    """Return how many days lie between the last day of the round, when there was anything to decide, and a day after it."""
    return (day - local_date(case.review_round.deadline_at)).days


@remembered
def open_to_officer(application: "Case | None" = None, **start: Any) -> "Case":
    """A submission that is open to the officer."""
    case = submitted(application, **start)
    if not case.reading_access.filter(user=committee().officer).exists():
        open_to(case, committee().officer)
    return case


def as_typed(
    *, explanation: str = EXPLANATION, last_day: date | None = LAST_DAY, points: Any = POINTS
) -> RequestAsTyped:
    """What the office writes."""
    return RequestAsTyped(explanation, last_day, tuple(points))


def drafted(
    case: "Case", *, actor: Any = None, at: Any = ASKED_AT, seen: int = 0, **typed: Any
) -> CompletionRequest:
    """Have a request written, by the officer."""
    return save_request(
        reference=case.reference,
        typed=as_typed(**typed),
        seen_version=seen,
        actor=actor or committee().officer,
        at=at,
    )


def asked(case: "Case", *, actor: Any = None, at: Any = ASKED_AT, **typed: Any) -> CompletionRequest:
    """Have something asked to complete, by the officer."""
    written = drafted(case, actor=actor, at=at, **typed)
    done = ask_to_complete(
        reference=case.reference,
        seen_version=written.version,
        actor=actor or committee().officer,
        at=at,
    )
    case.refresh_from_db()
    return done


@remembered
def waiting(application: "Case | None" = None, **start: Any) -> "Case":
    """A submission that waits for its completion."""
    case = open_to_officer(application, **start)
    asked(case)
    return case


def written(
    case: "Case", answers: Any = None, *, actor: Any = None, at: Any = ANSWERED_AT, seen: int = 0
) -> CompletionRequest:
    """Have answers written, by the applicant."""
    return save_answers(
        reference=case.reference,
        answers=ANSWERS if answers is None else answers,
        seen_version=seen,
        actor=actor or case.applicant,
        at=at,
    )


def with_file(
    case: "Case", number: int = 1, *, title: str = "Offerte.pdf", at: Any = ANSWERED_AT
) -> CompletionFile:
    """Have a file added to a point, by the applicant."""
    return add_file(
        reference=case.reference,
        number=number,
        title=title,
        content=letter_pdf(),
        actor=case.applicant,
        at=at,
    )


def sent(case: "Case", *, actor: Any = None, at: Any = ANSWERED_AT) -> CompletionRequest:
    """Have what was written sent, by the applicant."""
    now = request_about(case)
    assert now is not None
    done = send_completion(
        reference=case.reference, seen=digest_of(now), actor=actor or case.applicant, at=at
    )
    case.refresh_from_db()
    return done


@remembered
def completed(application: "Case | None" = None, **start: Any) -> "Case":
    """A submission that was completed, with a file."""
    case = waiting(application, **start)
    written(case)
    with_file(case)
    sent(case)
    return case
