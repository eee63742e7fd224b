"""What the office asked to complete of applications of the world, with words that nobody else may read (rule 42)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hubportal.kernel.clock import local_date
from tests.factories.completing import asked, sent, with_file, written

if TYPE_CHECKING:
    from tests.factories.scenarios import Case

# In what is asked, and in what is answered; the second is sent of one application, and still written of another.
TO_COMPLETE, ADDED, NOT_SENT = "Kanarieaanvulling", "Kanarietoevoeging", "Kanarieconcept"


def complete(case: "Case", *, at: datetime) -> None:
    """Let the office ask something, and the applicant send the answer with a file."""
    _ask(case, at=at)
    written(case, {1: f"Hier staat {ADDED}"}, at=at)
    with_file(case, title=f"{ADDED}.pdf", at=at)
    sent(case, at=at)


def await_completion(case: "Case", *, at: datetime) -> None:
    """Let the office ask something, and the applicant write an answer that is not sent yet."""
    _ask(case, at=at)
    written(case, {1: f"Nog {NOT_SENT}"}, at=at)
    with_file(case, title=f"{NOT_SENT}.pdf", at=at)


def _ask(case: "Case", *, at: datetime) -> None:
    points = [("", f"Wat is {TO_COMPLETE}?")]
    last_day = local_date(at) + timedelta(days=14)
    asked(case, at=at, last_day=last_day, points=points, explanation=f"Want {TO_COMPLETE}.")
