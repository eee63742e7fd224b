"""What is answered about a call is answered to everybody at once, without who asked (rule 40)."""

import re
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from call_questions.domain.answering import (
    answer_alone,
    begin_answer,
    draft_answer,
    draft_for_question,
    publish_answer,
    take_answer_back,
)
from call_questions.models import CallAnswer, CallQuestion, EarlierAnswer
from call_questions.queries import public_answers
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from retention.domain.destroying import destroy_row
from retention.enums import DataKind
from retention.queries import past_period, rows_to_destroy
from tests.factories.accounts import UserFactory, person
from tests.factories.asking_about import (
    ANSWER,
    ANSWERED_AT,
    ASKED,
    WORDING,
    answered_alone,
    asked_about,
    drafted,
    published,
)
from tests.factories.calls import CallFactory
from tests.factories.retention import LATER as AFTER
from tests.factories.retention import approved, report_on
from tests.racing import race

pytestmark = pytest.mark.django_db

LATER = ANSWERED_AT + timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return person(Role.OFFICER)


@pytest.fixture
def question() -> CallQuestion:
    asker = UserFactory.create(full_name="Fenna Vraagt (fictief)", email="fenna@vraagt.example")
    return asked_about(CallFactory.create(), actor=asker)


def mails() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "recipient"))


def test_a_draft_is_read_by_the_office_alone_until_it_is_published(question: Any, officer: User) -> None:
    draft = drafted(question, officer)
    assert (draft.number, list(public_answers(question.call)), mails()) == (None, [], [])
    publish_answer(key=draft.key, seen=1, actor=officer, at=ANSWERED_AT)
    (shown,) = public_answers(question.call)
    assert (shown.number, shown.question, shown.answer) == (1, WORDING, ANSWER)
    question.refresh_from_db()
    assert (question.settled_at, question.settled_by, question.answer) == (ANSWERED_AT, officer, draft)
    assert mails() == [("call_question_answered", "fenna@vraagt.example")]
    mail = OutgoingMail.objects.get()
    assert not [each for each in (WORDING, ANSWER, ASKED) if each in mail.subject + mail.body]
    # Pressed twice.
    publish_answer(key=draft.key, seen=1, actor=officer, at=LATER)
    assert (len(mails()), EarlierAnswer.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        ("wording", {"wording": "Mag Fenna vraagt (FICTIEF) een zaal huren?"}),
        ("answer", {"answer": "Ja, mail dat van fenna@vraagt.example maar."}),
    ],
)
def test_what_names_who_asked_is_not_published(question: Any, officer: User, field: str, texts: Any) -> None:
    draft = drafted(question, officer, **texts)
    with pytest.raises(RuleViolation, match="naam of het adres van wie dit vroeg") as refused:
        publish_answer(key=draft.key, seen=1, actor=officer, at=ANSWERED_AT)
    assert (refused.value.field, list(public_answers(question.call))) == (field, [])


@pytest.mark.parametrize(("field", "texts"), [("wording", {"wording": ""}), ("answer", {"answer": ""})])
def test_half_an_answer_is_kept_and_not_published(
    question: Any, officer: User, field: str, texts: Any
) -> None:
    draft = drafted(question, officer, **texts)
    with pytest.raises(RuleViolation) as refused:
        publish_answer(key=draft.key, seen=1, actor=officer, at=ANSWERED_AT)
    assert refused.value.field == field


def test_a_colleague_s_answer_is_not_overwritten_and_not_published_unseen(
    question: Any, officer: User
) -> None:
    other = person(Role.OFFICER)
    draft = drafted(question, officer)
    with pytest.raises(NewerVersion):
        draft_for_question(
            question_key=question.key, wording=WORDING, answer="Nee.", seen=0, actor=other, at=ANSWERED_AT
        )
    draft_answer(key=draft.key, wording=WORDING, answer="Nee.", seen=1, actor=other, at=ANSWERED_AT)
    with pytest.raises(NewerVersion):
        publish_answer(key=draft.key, seen=1, actor=officer, at=ANSWERED_AT)
    with pytest.raises(NewerVersion):
        answer_alone(question_key=question.key, seen=1, actor=officer, at=ANSWERED_AT)
    assert list(public_answers(question.call)) == []
    publish_answer(key=draft.key, seen=2, actor=officer, at=ANSWERED_AT)
    for late in (
        lambda: drafted(question, officer, answer="Te laat"),
        lambda: answer_alone(question_key=question.key, seen=2, actor=officer, at=ANSWERED_AT),
    ):
        with pytest.raises(
            NewerVersion, match=re.escape("Een collega heeft deze vraag intussen beantwoord.")
        ):
            late()


def test_a_change_is_public_once_published_and_what_stood_there_is_kept(question: Any, officer: User) -> None:
    answer = published(question, officer)
    draft_answer(key=answer.key, wording=WORDING, answer="Nee.", seen=2, actor=officer, at=LATER)
    assert [each.answer for each in public_answers(question.call)] == [ANSWER]
    publish_answer(key=answer.key, seen=3, actor=officer, at=LATER)
    (shown,) = public_answers(question.call)
    assert (shown.number, shown.answer, shown.published_at, shown.changed_at) == (
        1,
        "Nee.",
        ANSWERED_AT,
        LATER,
    )
    earlier = EarlierAnswer.objects.get()
    assert (earlier.question, earlier.answer, earlier.until, earlier.ended_by) == (
        WORDING,
        ANSWER,
        LATER,
        officer,
    )
    assert mails()[1:] == [("call_question_changed", "fenna@vraagt.example")]


def test_an_answer_is_taken_back_with_a_reason_and_published_again(question: Any, officer: User) -> None:
    answer = published(question, officer)
    taken = take_answer_back(key=answer.key, reason="Klopte niet.", seen=2, actor=officer, at=LATER)
    take_answer_back(key=answer.key, reason="Klopte niet.", seen=2, actor=officer, at=LATER)
    assert (taken.is_public, taken.taken_back_because, EarlierAnswer.objects.count()) == (
        False,
        "Klopte niet.",
        1,
    )
    # Found by its question, no more by its answer.
    found = [list(public_answers(question.call, words)) for words in ("zaal", "materieel")]
    assert found == [[taken], []]
    with pytest.raises(NewerVersion):
        take_answer_back(key=answer.key, reason="Anders.", seen=2, actor=officer, at=LATER)
    with pytest.raises(RuleViolation, match="niet openbaar"):
        take_answer_back(key=answer.key, reason="Anders.", seen=3, actor=officer, at=LATER)
    publish_answer(key=answer.key, seen=3, actor=officer, at=LATER)
    (shown,) = public_answers(question.call)
    assert (shown.is_public, shown.taken_back_because, shown.number) == (True, "", 1)
    assert [kind for kind, _to in mails()] == ["call_question_answered", *["call_question_changed"] * 2]


def test_an_answer_to_one_person_is_read_by_nobody_else(question: Any, officer: User) -> None:
    settled = answered_alone(question, officer, "Bel ons even.")
    answer_alone(question_key=question.key, seen=1, actor=officer, at=LATER)
    assert (settled.private_answer, settled.answer, settled.settled_at) == (
        "Bel ons even.",
        None,
        ANSWERED_AT,
    )
    assert (CallAnswer.objects.count(), mails()) == (0, [("call_question_answered", "fenna@vraagt.example")])
    empty = asked_about(question.call)
    with pytest.raises(RuleViolation) as refused:
        answer_alone(question_key=empty.key, seen=0, actor=officer, at=ANSWERED_AT)
    assert refused.value.field == "answer"


def test_what_was_asked_by_telephone_is_published_too(officer: User) -> None:
    call, key = CallFactory.create(), uuid4()
    for _press in range(2):
        begin_answer(call_id=call.pk, key=key, wording=WORDING, answer=ANSWER, actor=officer, at=ANSWERED_AT)
    publish_answer(key=key, seen=1, actor=officer, at=ANSWERED_AT)
    assert ([each.number for each in public_answers(call)], mails()) == ([1], [])
    # A page that was kept may send another text with its key: nothing of it is lost.
    other = begin_answer(
        call_id=call.pk, key=key, wording=WORDING, answer="Nee.", actor=officer, at=ANSWERED_AT
    )
    assert (other.key != key, other.drafted_answer, CallAnswer.objects.count()) == (True, "Nee.", 2)


def test_numbers_go_on_per_call_in_the_order_of_publication(officer: User) -> None:
    call, other = CallFactory.create(), CallFactory.create()
    later, first = drafted(asked_about(call), officer), drafted(asked_about(call), officer)
    for each in (first, later):
        publish_answer(key=each.key, seen=1, actor=officer, at=ANSWERED_AT)
    published(asked_about(other), officer)
    assert [each.key for each in public_answers(call)] == [first.key, later.key]
    assert [each.number for each in (*public_answers(call), *public_answers(other))] == [1, 2, 1]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICER])
def test_only_officers_answer(question: Any, officer: User, role: Role) -> None:
    actor, answer = person(role), published(question, officer)
    same = {"wording": "Anders?", "answer": "Anders.", "actor": actor, "at": LATER}
    for act in (
        lambda: draft_for_question(question_key=question.key, seen=2, **same),
        lambda: draft_answer(key=answer.key, seen=2, **same),
        lambda: begin_answer(call_id=question.call_id, key=uuid4(), **same),
        lambda: publish_answer(key=answer.key, seen=2, actor=actor, at=LATER),
        lambda: answer_alone(question_key=question.key, seen=2, actor=actor, at=LATER),
        lambda: take_answer_back(key=answer.key, reason="Zomaar.", seen=2, actor=actor, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert CallAnswer.objects.count() == 1


def test_nobody_whose_account_ended_is_mailed(question: Any, officer: User) -> None:
    User.objects.filter(pk=question.asked_by_id).update(is_active=False)
    published(question, officer)
    assert mails() == []


def test_the_event_log_holds_no_word(question: Any, officer: User) -> None:
    answer = published(question, officer)
    take_answer_back(key=answer.key, reason="Klopte niet.", seen=2, actor=officer, at=LATER)
    events = AuditEvent.objects.filter(act__startswith="call_questions.").order_by("pk")
    assert [(each.act, each.facts) for each in events] == [
        ("call_questions.asked", {}),
        ("call_questions.published", {}),
        ("call_questions.taken_back", {}),
    ]


def test_what_was_asked_goes_after_its_period_and_the_public_answer_stays(
    question: Any, officer: User
) -> None:
    """Rules 23 and 40."""
    published(question, officer)
    waiting = asked_about(question.call)
    assert list(past_period(DataKind.CALL_QUESTIONS, before=ANSWERED_AT)) == []
    assert list(past_period(DataKind.CALL_QUESTIONS, before=LATER)) == [question]
    approved(report_on(DataKind.CALL_QUESTIONS))
    due = AFTER + timedelta(days=7)
    for row in list(rows_to_destroy(at=due)):
        assert destroy_row(listed_id=row.pk, at=due)
    assert list(CallQuestion.objects.all()) == [waiting]
    assert [each.answer for each in public_answers(question.call)] == [ANSWER]


def test_an_account_named_by_a_short_word_is_found_in_no_text(officer: User) -> None:
    question = asked_about(CallFactory.create(), actor=UserFactory.create(full_name="een"))
    assert published(question, officer, wording="Mag een coalitie dat?").number == 1
    longer = asked_about(question.call, actor=UserFactory.create(full_name="Fenna"))
    assert published(longer, officer, answer="Fennakade 1 is een adres.").number == 2
    with pytest.raises(RuleViolation):
        published(asked_about(question.call, actor=longer.asked_by), officer, answer="Dag Fenna.")


def test_a_reason_names_nobody_either_and_is_kept_when_it_is_published_again(
    question: Any, officer: User
) -> None:
    answer = published(question, officer)
    with pytest.raises(RuleViolation) as refused:
        take_answer_back(
            key=answer.key, reason="Fenna Vraagt (fictief) vroeg dit.", seen=2, actor=officer, at=LATER
        )
    assert refused.value.field == "reason"
    take_answer_back(key=answer.key, reason="Klopte niet.", seen=2, actor=officer, at=LATER)
    publish_answer(key=answer.key, seen=3, actor=officer, at=LATER)
    kept = EarlierAnswer.objects.order_by("pk").values_list("answer", "taken_back_because")
    assert list(kept) == [(ANSWER, ""), (ANSWER, "Klopte niet.")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("versions", [0, 1], ids=["first", "later"])
def test_two_officers_who_save_at_once_keep_one_text_and_hear_of_the_other(versions: int) -> None:
    question, officers = asked_about(CallFactory.create()), [person(Role.OFFICER) for _each in range(2)]
    if versions:
        drafted(question, officers[0])

    def save(officer: User) -> Any:
        return draft_for_question(
            question_key=question.key,
            wording=WORDING,
            answer=f"Van {officer.pk}",
            seen=versions,
            actor=officer,
            at=ANSWERED_AT,
        )

    found = race(*(partial(save, each) for each in officers))
    assert sorted(type(each).__name__ for each in found) == ["CallAnswer", "NewerVersion"]
    question.refresh_from_db()
    assert (CallAnswer.objects.count(), question.answer.version) == (1, versions + 1)


@pytest.mark.django_db(transaction=True)
def test_what_is_answered_alone_is_what_was_seen_or_nothing() -> None:
    question, officers = asked_about(CallFactory.create()), [person(Role.OFFICER) for _each in range(2)]
    drafted(question, officers[0], answer="Oud.")
    same = {"question_key": question.key, "seen": 1, "at": ANSWERED_AT}
    found = race(
        lambda: answer_alone(actor=officers[0], **same),
        lambda: draft_for_question(wording=WORDING, answer="Nieuw.", actor=officers[1], **same),
    )
    assert sum(isinstance(each, NewerVersion) for each in found) == 1
    question.refresh_from_db()
    told = question.private_answer or question.answer.drafted_answer
    assert told == ("Oud." if question.private_answer else "Nieuw.")
