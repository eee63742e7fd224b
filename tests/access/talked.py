"""Messages about an application of the world, with a word that nobody else may read (rule 38)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from correspondence.domain.writing import Added
from correspondence.enums import Side
from hubportal.accounts.models import User
from tests.factories.conversing import answered, asked, delivered
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT

if TYPE_CHECKING:
    from tests.factories.scenarios import Case

# In everything that is written.
SAID = "Kanarieboodschap"


def talk_about(case: "Case", officer: User, *, at: datetime) -> None:
    """Let the applicant ask something with a file, and both sides write something that is not delivered yet."""
    file = Added(f"{SAID}.pdf", letter_pdf())
    first = asked(case, f"Vraag met {SAID}", subject=f"Over {SAID}", at=AT + timedelta(hours=1), file=file)
    delivered(AT + timedelta(hours=2))
    answered(first, f"Ook {SAID}", side=Side.APPLICANTS, actor=case.applicant, at=at)
    asked(case, f"Van ons {SAID}", subject=f"Nog {SAID}", side=Side.OFFICE, actor=officer, at=at)
