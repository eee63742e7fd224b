"""Playing what is asked about a call, and what the office answers."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from call_questions.domain.answering import begin_answer, draft_for_question, publish_answer
from call_questions.domain.asking import ask_question
from calls.models import Call
from hubportal.accounts.models import User

_AN_HOUR = timedelta(hours=1)


def ask_about_call(call: Call, asker: User, officer: User, *, at: datetime) -> None:
    """Let somebody ask two things, of which the office answers one for everybody, beside one that was asked by telephone."""
    answered = _ask(
        call, asker, "Onze bedachte vereniging wil een buurthuis huren. Mag dat?", at - 3 * _AN_HOUR
    )
    draft = draft_for_question(
        question_key=answered,
        wording="Mag een coalitie een ruimte huren voor bijeenkomsten? (fictief)",
        answer="Ja. Zet de huur in de begroting onder materieel, met het aantal bijeenkomsten erbij.",
        seen=0,
        actor=officer,
        at=at - 2 * _AN_HOUR,
    )
    publish_answer(key=draft.key, seen=draft.version, actor=officer, at=at - 2 * _AN_HOUR)
    told = begin_answer(
        call_id=call.pk,
        key=uuid4(),
        wording="Kan een informele groep meedoen zonder KvK-nummer? (fictief)",
        answer="Nee. De penvoerder en alle partners zijn rechtspersonen met een KvK-nummer. Een groep zonder nummer kan wel meedenken en meeschrijven.",
        actor=officer,
        at=at - _AN_HOUR,
    )
    publish_answer(key=told.key, seen=told.version, actor=officer, at=at - _AN_HOUR)
    _ask(call, asker, "Mogen wij na de zomer een partner wisselen? (fictief)", at - _AN_HOUR)


def _ask(call: Call, asker: User, words: str, at: datetime) -> UUID:
    return ask_question(call_id=call.pk, text=words, key=uuid4(), actor=asker, at=at).key
