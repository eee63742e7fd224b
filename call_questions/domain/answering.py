"""Answering questions about a call: for everybody at once, or to who asked alone (rule 40)."""

import re
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from call_questions.domain.mails import tell_who_asked
from call_questions.events import ANSWERED_ALONE, CHANGED, PUBLISHED, TAKEN_BACK
from call_questions.models import CallAnswer, CallQuestion, EarlierAnswer
from call_questions.permissions import may_answer_questions
from calls.models import Call
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion, check_version, is_to_be_saved

# Of a name that is one word.
_SHORTEST_NAME = 5


@transaction.atomic(durable=True)
def draft_for_question(
    *, question_key: UUID, wording: str, answer: str, seen: int, actor: User, at: datetime
) -> CallAnswer:
    """Keep what the office writes in answer to a question; nobody else reads it yet. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion`` where a colleague wrote meanwhile, and ``RuleViolation`` once it was answered.
    """
    may_answer_questions.check(actor)
    question = _locked_question(question_key)
    if question.settled_at is not None:
        raise NewerVersion(_("A colleague answered this question meanwhile. Your own answer was not sent."))
    draft = question.answer or CallAnswer(call=question.call, written_by=actor, written_at=at)
    _keep(draft, (wording, answer), seen, actor, at)
    if question.answer is None:
        question.answer = draft
        question.save(update_fields=["answer"])
    return draft


@transaction.atomic(durable=True)
def draft_answer(*, key: UUID, wording: str, answer: str, seen: int, actor: User, at: datetime) -> CallAnswer:
    """Keep another text for an answer; what is public of it stays as it is. Idempotent. Raises ``NotAllowed`` and ``NewerVersion``."""
    may_answer_questions.check(actor)
    draft = _locked(key)
    _keep(draft, (wording, answer), seen, actor, at)
    return draft


@transaction.atomic(durable=True)
def begin_answer(
    *, call_id: int, key: UUID, wording: str, answer: str, actor: User, at: datetime
) -> CallAnswer:
    """Begin an answer to what nobody asked in the portal, such as by telephone. Idempotent by ``key`` with the same text. Raises ``NotAllowed``."""
    may_answer_questions.check(actor)
    Call.objects.select_for_update(no_key=True).get(pk=call_id)
    earlier = CallAnswer.objects.filter(key=key).first()
    if earlier is not None and (earlier.drafted_question, earlier.drafted_answer) == (wording, answer):
        return earlier
    draft = CallAnswer(key=uuid4() if earlier else key, call_id=call_id, written_by=actor, written_at=at)
    _keep(draft, (wording, answer), 0, actor, at)
    return draft


@transaction.atomic(durable=True)
def publish_answer(*, key: UUID, seen: int, actor: User, at: datetime) -> CallAnswer:
    """Make what was drafted public at once, or in place of what was; who asked is mailed. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion`` where it changed after it was ``seen``, and ``RuleViolation`` for a half text and for
    one that names who asked.
    """
    may_answer_questions.check(actor)
    question = _locked_question_of(key)
    answer = _locked(key)
    if answer.is_public and (answer.question, answer.answer) == (
        answer.drafted_question,
        answer.drafted_answer,
    ):
        return answer
    check_version(answer.version, seen)
    check_complete(answer)
    check_names_nobody(answer, question)
    is_first = answer.published_at is None
    if is_first:
        answer.number, answer.published_at = _next_number(answer.call), at
    else:
        _keep_earlier(answer, actor, at)
        answer.changed_at = at
    answer.question, answer.answer = answer.drafted_question, answer.drafted_answer
    answer.taken_back_at, answer.taken_back_because = None, ""
    answer.version += 1
    answer.save()
    if is_first:
        record(PUBLISHED, subject=answer, actor=actor, at=at)
    else:
        record(CHANGED, subject=answer, actor=actor, at=at)
    if question is not None:
        if question.settled_at is None:
            question.settled_at, question.settled_by = at, actor
            question.save(update_fields=["settled_at", "settled_by"])
        kind = "call_question_answered" if is_first else "call_question_changed"
        tell_who_asked(kind, question, at=at)
    return answer


@transaction.atomic(durable=True)
def answer_alone(*, question_key: UUID, seen: int, actor: User, at: datetime) -> CallQuestion:
    """Answer to who asked alone with what was drafted: nothing of it becomes public. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion``, and ``RuleViolation`` without an answer.
    """
    may_answer_questions.check(actor)
    question = _locked_question(question_key)
    draft = question.answer
    if question.settled_at is not None:
        if question.private_answer and question.settled_by_id == actor.pk:
            return question
        raise NewerVersion(_("A colleague answered this question meanwhile. Your own answer was not sent."))
    if draft is None or not draft.drafted_answer:
        raise RuleViolation(_("Write the answer first."), field="answer")
    check_version(draft.version, seen)
    question.answer, question.private_answer = None, draft.drafted_answer
    question.settled_at, question.settled_by = at, actor
    question.save(update_fields=["answer", "private_answer", "settled_at", "settled_by"])
    draft.delete()
    record(ANSWERED_ALONE, subject=question, actor=actor, at=at)
    tell_who_asked("call_question_answered", question, at=at)
    return question


@transaction.atomic(durable=True)
def take_answer_back(*, key: UUID, reason: str, seen: int, actor: User, at: datetime) -> CallAnswer:
    """Take a public answer back: its question stays, with the reason in place of the answer. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion``, and ``RuleViolation`` for what is not public.
    """
    may_answer_questions.check(actor)
    question = _locked_question_of(key)
    answer = _locked(key)
    if answer.taken_back_at is not None and answer.taken_back_because == reason:
        return answer
    check_version(answer.version, seen)
    if not answer.is_public:
        raise RuleViolation(_("This answer is not public."))
    if question is not None:
        _check_names_nobody(question, reason=reason)
    _keep_earlier(answer, actor, at)
    answer.taken_back_at, answer.taken_back_because = at, reason
    answer.version += 1
    answer.save()
    record(TAKEN_BACK, subject=answer, actor=actor, at=at)
    if question is not None:
        tell_who_asked("call_question_changed", question, at=at)
    return answer


def check_complete(answer: CallAnswer) -> None:
    """Raise ``RuleViolation`` at ``wording`` or ``answer`` for a draft that lacks one of them."""
    if not answer.drafted_question:
        raise RuleViolation(_("Write the question as everybody will read it."), field="wording")
    if not answer.drafted_answer:
        raise RuleViolation(_("Write the answer first."), field="answer")


def check_names_nobody(answer: CallAnswer, question: CallQuestion | None) -> None:
    """Raise ``RuleViolation`` for a draft with the name or an address of who asked: everybody would read it."""
    if question is None:
        return
    _check_names_nobody(question, wording=answer.drafted_question, answer=answer.drafted_answer)


def _check_names_nobody(question: CallQuestion, **texts: str) -> None:
    for field, text in texts.items():
        if any(_stands_in(text, each) for each in _names_of(question.asked_by)):
            raise RuleViolation(
                _("The name or address of who asked stands in this text. Leave it out: everybody reads it."),
                field=field,
            )


def _names_of(person: User) -> list[str]:
    """Return how a text names somebody; a name that is a short word stands in every text."""
    named = (person.full_name, person.email)
    return [each for each in named if " " in each or len(each) >= _SHORTEST_NAME]


def _stands_in(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _keep(draft: CallAnswer, typed: tuple[str, str], seen: int, actor: User, at: datetime) -> None:
    kept = (draft.drafted_question, draft.drafted_answer) if draft.version else None
    if not is_to_be_saved(typed=typed, kept=kept, seen=seen, current=draft.version):
        return
    draft.drafted_question, draft.drafted_answer = typed
    draft.version += 1
    draft.written_by, draft.written_at = actor, at
    draft.save()


def _keep_earlier(answer: CallAnswer, actor: User, at: datetime) -> None:
    EarlierAnswer.objects.create(
        of=answer,
        question=answer.question,
        answer=answer.answer,
        taken_back_because=answer.taken_back_because,
        until=at,
        ended_by=actor,
    )


def _next_number(call: Call) -> int:
    # Locked, so that two that are published at once get two numbers.
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    last = call.public_answers.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _locked(key: UUID) -> CallAnswer:
    return CallAnswer.objects.select_for_update(of=("self",)).select_related("call").get(key=key)


def _locked_question_of(key: UUID) -> CallQuestion | None:
    """Lock the question that an answer is to, if any: before the answer, as every act on both does."""
    found = CallQuestion.objects.select_for_update(of=("self",)).select_related("asked_by", "call")
    return found.filter(answer__key=key).first()


def _locked_question(key: UUID) -> CallQuestion:
    """Lock a question, then the answer that is written to it by now: each as it is once nobody else writes it."""
    questions = CallQuestion.objects.select_for_update(of=("self",)).select_related("asked_by", "call")
    found = questions.get(key=key)
    if found.answer_id is not None:
        answers = CallAnswer.objects.select_for_update(of=("self",)).select_related("call")
        found.answer = answers.get(pk=found.answer_id)
    return found
