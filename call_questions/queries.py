"""Reads of questions about a call: what everybody reads, what one asked oneself, and what waits for the office (rule 40)."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from call_questions.models import CallAnswer, CallQuestion
from calls.models import Call
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person

LONGEST_SEARCH = 100


def public_answers(call: Call, words: str = "") -> QuerySet[CallAnswer]:
    """Return what everybody reads about a call in the order of publication, perhaps with all of these words.

    What was taken back stands there without its answer, and is found by its question alone.
    """
    found = call.public_answers.filter(published_at__isnull=False)
    for word in words[:LONGEST_SEARCH].split():
        found = found.filter(Q(question__icontains=word) | Q(answer__icontains=word, taken_back_at=None))
    return found.order_by("number", "pk")


def asked_by(person: Person, call: Call) -> QuerySet[CallQuestion]:
    """Return what a person asked about a call, the latest in front."""
    if not isinstance(person, User):
        return CallQuestion.objects.none()
    return call.asked_questions.filter(asked_by=person).order_by("-asked_at", "-pk")


def asked_with_answer() -> QuerySet[CallQuestion]:
    """Return questions as a list shows them: with who asked, about which call, and what the office wrote."""
    return with_asker(CallQuestion.objects.all())


def questions_of(person: User) -> QuerySet[CallQuestion]:
    """Return all that a person asked about calls."""
    return CallQuestion.objects.filter(asked_by=person)


def waiting() -> QuerySet[CallQuestion]:
    """Return the questions that wait for the office, the oldest in front."""
    return CallQuestion.objects.filter(settled_at=None).order_by("asked_at", "pk")


def settled() -> QuerySet[CallQuestion]:
    """Return the questions that were answered to who asked alone, the latest in front."""
    found = CallQuestion.objects.filter(settled_at__isnull=False, answer=None)
    return found.order_by("-settled_at", "-pk")


def written_answers() -> QuerySet[CallAnswer]:
    """Return what was or will be public without a question that waits, what is still written in front."""
    found = CallAnswer.objects.exclude(asked__isnull=False, asked__settled_at=None)
    return found.order_by(F("number").desc(nulls_first=True), "pk")


def with_asker(questions: QuerySet[CallQuestion]) -> QuerySet[CallQuestion]:
    """Return questions with who asked, about which call, and what the office wrote."""
    return questions.select_related("asked_by", "call", "answer")


def question_of(answer: CallAnswer) -> CallQuestion | None:
    """Return the question that an answer is to; ``None`` for what nobody asked in the portal."""
    return with_asker(CallQuestion.objects.filter(answer=answer)).first()


def answers_with_call() -> QuerySet[CallAnswer]:
    """Return all answers, each with its call."""
    return CallAnswer.objects.select_related("call")


def question_with(key: UUID) -> CallQuestion:
    """Return a question by its key. Raises ``DoesNotExist``."""
    return with_asker(CallQuestion.objects.all()).get(key=key)


def answer_with(key: UUID) -> CallAnswer:
    """Return an answer by its key, with its call. Raises ``DoesNotExist``."""
    return answers_with_call().get(key=key)


def settled_questions() -> QuerySet[CallQuestion]:
    """Return the questions that were answered, from when their retention period counts (``kept_since``)."""
    return CallQuestion.objects.filter(settled_at__isnull=False).annotate(kept_since=F("settled_at"))
