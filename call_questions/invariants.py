"""Invariants of questions about a call (rule 40)."""

from collections.abc import Iterator

from django.db.models import F

from call_questions.models import CallAnswer, CallQuestion, EarlierAnswer
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks

_CONSTRAINTS = {
    "call_answer_is_public_as_a_whole": 40,
    "call_answer_taken_back_with_a_reason": 40,
    "call_answer_once_per_number": 40,
    "call_question_asks_something": 40,
    "call_question_settled_in_one_way": 40,
}


def violations() -> Iterator[Violation]:
    """Yield each question that was asked too late or is settled by what is not public, and each answer that changed without a trace."""
    late = CallQuestion.objects.filter(asked_at__gte=F("call__questions_until"))
    yield from each_breaks(40, late, "was asked after the last day to ask")
    hidden = CallQuestion.objects.filter(settled_at__isnull=False, answer__isnull=False, answer__number=None)
    yield from each_breaks(40, hidden, "is settled by an answer that nobody can read")
    elsewhere = CallQuestion.objects.filter(answer__isnull=False).exclude(answer__call=F("call"))
    yield from each_breaks(40, elsewhere, "is answered with what was said about another call")
    traceless = CallAnswer.objects.filter(changed_at__isnull=False).exclude(
        pk__in=EarlierAnswer.objects.values("of")
    )
    yield from each_breaks(40, traceless, "was changed, and what it said before is lost")
    yield from broken_constraints("call_questions", _CONSTRAINTS)
