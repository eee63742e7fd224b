"""Letters on paper, brought to the post by the portal's own acts."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from decisions.domain.posting import ask_for_post, record_posted
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from letters.domain.posting import print_letter
from letters.models import PrintedLetter
from tests.factories.scenarios import after_deadline, committee, open_to, plain_pdf, released

if TYPE_CHECKING:
    from tests.factories.scenarios import Case


def printed(
    application: "Case | None" = None,
    *,
    officer: User | None = None,
    printed_at: datetime | None = None,
    make_pdf: Any = plain_pdf,
    **start: Any,
) -> "Case":
    """An application whose letter goes on paper, and was made for the post of a day, two hours after its release."""
    case = released(application, **({} if application else {"on_paper": True}), **start)
    at = printed_at or after_deadline(case, days=30, hours=2)
    officer = officer or committee().officer
    open_to(case, officer)
    ask_for_post(actor=officer, at=at)
    print_letter(letter_id=case.decision.letter.pk, make_pdf=make_pdf, at=at)
    case.refresh_from_db()
    return case


def print_of(case: "Case", *, at: datetime) -> PrintedLetter:
    """Return the letter of a case as it was made for the post of the day of a moment."""
    return PrintedLetter.objects.get(letter__about=case.reference, dated_on=local_date(at))


def posted(application: "Case | None" = None, *, posted_at: datetime | None = None, **start: Any) -> "Case":
    """An application whose letter was printed, and recorded as posted an hour later."""
    case = printed(application, **start)
    at = posted_at or after_deadline(case, days=30, hours=3)
    record_posted(print_ids=[print_of(case, at=at).pk], actor=committee().officer, at=at)
    case.refresh_from_db()
    return case
