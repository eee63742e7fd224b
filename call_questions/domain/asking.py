"""Asking something about a call, until the day that its data name (rule 40)."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from call_questions.events import ASKED
from call_questions.models import CallQuestion
from call_questions.queries import questions_of
from calls.models import Call
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota

LONGEST_QUESTION, LONGEST_ANSWER = 1500, 5000
MOST_A_DAY = 10


def takes_questions(call: Call, *, at: datetime) -> bool:
    """Tell whether one can ask something about a call now: until the very moment that it names, not at it."""
    return call.questions_until is not None and at < call.questions_until


@transaction.atomic(durable=True)
def ask_question(*, call_id: int, text: str, key: UUID, actor: User, at: datetime) -> CallQuestion:
    """Ask something about a call. Idempotent by ``key`` with the same text; another text is another question.

    Raises ``TooMuch``, and ``RuleViolation`` at ``text`` once the last day to ask is over.
    """
    lock_person(actor)
    earlier = questions_of(actor).filter(key=key).first()
    if earlier is not None and earlier.text == text:
        return earlier
    call = Call.objects.get(pk=call_id)
    if not takes_questions(call, at=at):
        raise RuleViolation(
            _("The last day to ask questions about this call is over. Nothing has been sent."), field="text"
        )
    check_quota(questions_of(actor), moment="asked_at", most=MOST_A_DAY, at=at, field="text")
    question = CallQuestion.objects.create(
        key=uuid4() if earlier else key, call=call, asked_by=actor, text=text, asked_at=at
    )
    record(ASKED, subject=question, actor=actor, at=at)
    return question
