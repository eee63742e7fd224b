"""Questions about a call and their answers, by the portal's own acts."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from call_questions.domain.answering import answer_alone, draft_for_question, publish_answer
from call_questions.domain.asking import ask_question
from call_questions.models import CallAnswer, CallQuestion
from calls.models import Call
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT

ASKED = "Mogen wij ook een gymzaal huren? (fictief)"
WORDING, ANSWER = "Mag een coalitie een zaal huren?", "Ja, onder materieel."
ANSWERED_AT = AT + timedelta(hours=2)


def asked_about(call: Call, text: str = ASKED, *, actor: Any = None, at: Any = AT) -> CallQuestion:
    """Have somebody ask something."""
    return ask_question(call_id=call.pk, text=text, key=uuid4(), actor=actor or UserFactory.create(), at=at)


def drafted(
    question: CallQuestion,
    officer: Any,
    *,
    wording: str = WORDING,
    answer: str = ANSWER,
    at: Any = ANSWERED_AT,
) -> CallAnswer:
    """Have an officer write an answer that is not public."""
    return draft_for_question(
        question_key=question.key, wording=wording, answer=answer, seen=0, actor=officer, at=at
    )


def published(question: CallQuestion, officer: Any, *, at: Any = ANSWERED_AT, **texts: str) -> CallAnswer:
    """Have an officer publish an answer."""
    draft = drafted(question, officer, at=at, **texts)
    return publish_answer(key=draft.key, seen=draft.version, actor=officer, at=at)


def answered_alone(
    question: CallQuestion, officer: Any, answer: str, *, at: Any = ANSWERED_AT
) -> CallQuestion:
    """Have an officer answer who asked alone."""
    draft = drafted(question, officer, answer=answer, at=at)
    return answer_alone(question_key=question.key, seen=draft.version, actor=officer, at=at)
