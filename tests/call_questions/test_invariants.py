"""Each rule of questions about a call that is broken by hand in the database is named, with its row (rule 40)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from call_questions import invariants
from call_questions.models import CallAnswer, CallQuestion
from hubportal.accounts.enums import Role
from tests.breaking import check_constraint, copy_of, force, named
from tests.factories.accounts import person
from tests.factories.asking_about import ANSWERED_AT, asked_about, published
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


def answered() -> tuple[CallQuestion, CallAnswer]:
    question = asked_about(CallFactory.create())
    answer = published(question, person(Role.OFFICER))
    question.refresh_from_db()
    answer.refresh_from_db()
    return question, answer


def test_nothing_is_broken() -> None:
    answered()
    assert list(invariants.violations()) == []


BROKEN: list[tuple[str, Callable[[CallQuestion, CallAnswer], Any]]] = [
    (
        "was asked after the last day to ask",
        lambda question, _answer: force(question, asked_at=question.call.questions_until),
    ),
    (
        "is settled by an answer that nobody can read",
        lambda question, answer: (
            force(answer, number=None, question="", answer="", published_at=None),
            question,
        )[1],
    ),
    (
        "is answered with what was said about another call",
        lambda question, answer: (force(answer, call=CallFactory.create()), question)[1],
    ),
    (
        "was changed, and what it said before is lost",
        lambda _question, answer: force(answer, changed_at=ANSWERED_AT),
    ),
]


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_what_is_broken_by_hand_is_named(number: int) -> None:
    sentence, act = BROKEN[number]
    row = act(*answered())
    assert [each for each in invariants.violations() if each.sentence == sentence] == named(40, sentence, row)


BREAKS: dict[str, tuple[type[Any], Callable[[CallQuestion, CallAnswer], Any]]] = {
    "call_answer_is_public_as_a_whole": (CallAnswer, lambda _question, answer: force(answer, answer="")),
    "call_answer_taken_back_with_a_reason": (
        CallAnswer,
        lambda _question, answer: force(answer, taken_back_at=ANSWERED_AT + timedelta(days=1)),
    ),
    "call_answer_once_per_number": (
        CallAnswer,
        lambda _question, answer: [answer, copy_of(answer, key=uuid4())],
    ),
    "call_question_asks_something": (CallQuestion, lambda question, _answer: force(question, text="")),
    "call_question_settled_in_one_way": (
        CallQuestion,
        lambda question, _answer: force(question, private_answer="Ook nog."),
    ),
}


def test_every_constraint_of_questions_is_among_these() -> None:
    assert set(BREAKS) == set(invariants._CONSTRAINTS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_it_and_a_row_that_breaks_it_is_named(name: str) -> None:
    model, act = BREAKS[name]
    question, answer = answered()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act(question, answer)
    check_constraint(invariants, name, model, lambda: act(question, answer))
