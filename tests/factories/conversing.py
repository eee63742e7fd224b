"""Conversations about a submission, by the portal's own acts."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from correspondence.domain.delivering import deliver_messages
from correspondence.domain.writing import Added, Written, answer, begin_conversation
from correspondence.enums import Side
from correspondence.models import Message
from correspondence.queries import DELIVERED_AFTER, messages_to_deliver, seen_in
from tests.factories.moments import AT
from tests.factories.remembering import remembered
from tests.factories.scenarios import committee, open_to, submitted

if TYPE_CHECKING:
    from tests.factories.scenarios import Case

# A while after the submission; an hour later the office answers.
ASKED_AT = AT + timedelta(hours=1)
ANSWERED_AT = AT + timedelta(hours=2)
SUBJECT, QUESTION, ANSWER = "Startdatum (fictief)", "Mogen we later beginnen?", "Ja, tot een maand later."


@remembered
def discussed() -> "Case":
    """A submission that is open to the officer."""
    case = submitted()
    open_to(case, committee().officer)
    return case


def officer_of(case: "Case") -> Any:
    """Return the officer, to whom it is open."""
    found = committee().officer
    if not case.reading_access.filter(user=found).exists():
        open_to(case, found)
    return found


def asked(
    case: "Case",
    text: str = QUESTION,
    *,
    subject: str = SUBJECT,
    side: Side = Side.APPLICANTS,
    actor: Any = None,
    at: Any = ASKED_AT,
    file: Added | None = None,
) -> Message:
    """Have a conversation begun, by the applicant or for a side."""
    writer = actor or (case.applicant if side == Side.APPLICANTS else officer_of(case))
    written = Written(text, uuid4(), file)
    return begin_conversation(
        reference=case.reference, side=side, subject=subject, written=written, actor=writer, at=at
    )


def answered(
    message: Message,
    text: str = ANSWER,
    *,
    side: Side = Side.OFFICE,
    actor: Any = None,
    at: Any = ANSWERED_AT,
    seen: str | None = None,
) -> Message:
    """Have something written in the same conversation, by the officer or for a side."""
    conversation = message.conversation
    application = conversation.application
    return answer(
        reference=application.reference,
        number=conversation.number,
        side=side,
        written=Written(text, uuid4()),
        seen=seen_in(conversation, side) if seen is None else seen,
        actor=actor or (application.submitted_by if side == Side.APPLICANTS else committee().officer),
        at=at,
    )


def delivered(at: Any = ASKED_AT + DELIVERED_AFTER) -> int:
    """Deliver what is due, as the job does; return how often something was delivered."""
    due = list(messages_to_deliver(at=at).values_list("pk", flat=True))
    return sum(deliver_messages(message_id=each, at=at) for each in due)
