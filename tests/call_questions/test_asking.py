"""Asking something about a call until the moment that it names (rule 40)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from call_questions.domain import asking
from call_questions.domain.asking import ask_question, takes_questions
from call_questions.models import CallQuestion
from calls.domain.setup import moment
from calls.models import Call
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import TooMuch
from tests.factories.accounts import UserFactory
from tests.factories.asking_about import ASKED, asked_about
from tests.factories.calls import CallFactory
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db

UNTIL = moment("2024-09-10T14:00")
LATE = "De laatste dag om vragen te stellen over deze oproep is voorbij. Er is niets verstuurd."


def test_a_question_is_kept_once_by_its_key() -> None:
    call, asker, key = CallFactory.create(), UserFactory.create(), uuid4()
    first = ask_question(call_id=call.pk, text=ASKED, key=key, actor=asker, at=AT)
    again = ask_question(call_id=call.pk, text=ASKED, key=key, actor=asker, at=UNTIL)
    assert (first.pk, CallQuestion.objects.count()) == (again.pk, 1)
    # A page that was kept may send another text with its key: nothing of it is lost.
    other = ask_question(call_id=call.pk, text="Iets anders?", key=key, actor=asker, at=AT)
    assert (other.text, CallQuestion.objects.count()) == ("Iets anders?", 2)
    other.delete()
    assert (first.text, first.asked_by, first.asked_at, first.settled_at) == (ASKED, asker, AT, None)
    events = AuditEvent.objects.filter(act="call_questions.asked")
    assert [each.facts for each in events] == [{}, {}]


@pytest.mark.parametrize(("before", "is_taken"), [(timedelta(microseconds=1), True), (timedelta(0), False)])
def test_one_asks_until_the_moment_and_not_at_it(before: timedelta, is_taken: bool) -> None:
    call = CallFactory.create()
    assert call.questions_until == UNTIL
    assert takes_questions(call, at=UNTIL - before) is is_taken
    if is_taken:
        assert asked_about(call, at=UNTIL - before).pk
        return
    with pytest.raises(RuleViolation, match=LATE) as refused:
        asked_about(call, at=UNTIL)
    assert (refused.value.field, CallQuestion.objects.count()) == ("text", 0)


def test_a_call_without_such_a_moment_takes_none() -> None:
    call = CallFactory.create()
    Call.objects.filter(pk=call.pk).update(questions_until=None)
    with pytest.raises(RuleViolation, match=LATE):
        asked_about(call)
    assert not takes_questions(Call.objects.get(pk=call.pk), at=AT)


def test_nobody_fills_the_list_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_A_DAY", 1)
    call, asker = CallFactory.create(), UserFactory.create()
    asked_about(call, actor=asker)
    with pytest.raises(TooMuch):
        asked_about(call, "Nog een?", actor=asker, at=AT + timedelta(hours=23))
    assert asked_about(call, "Nog een?", actor=asker, at=AT + timedelta(days=1)).pk
    assert asked_about(call).pk
